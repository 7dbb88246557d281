// What is looked for, best first: a whole name, its beginning, a word in it, a part of it; then comments; then letters in order.

const MOST = 50;
const KINDS = { table: 30, view: 29, enum: 20, domain: 20, column: 0 }; // points beforehand

export class Search {
  #entries;

  constructor(design) {
    this.#entries = [...this.#gathered(design)];
  }

  *#gathered(design) {
    for (const table of design.tables) {
      const kind = table.isView ? "view" : "table";
      const where = [table.schema, table.context].filter(Boolean).join(" · ");
      yield entry(kind, table.name, where, table.comment, { table });
      for (const [name, comment] of table.texts()) yield entry("column", name, table.name, comment, { table, column: name });
    }
    for (const kind of design.kinds) {
      const found = entry(kind.kind, kind.id, (kind.labels ?? [kind.type]).join(", "), kind.comment, { kind });
      yield { ...found, lower: found.lower.replace(/^.*\./, "") }; // a type is looked for without its schema
    }
  }

  /** Return up to 50 entries that hold every word of a query. */
  find(query) {
    const words = query.toLowerCase().split(/[\s.]+/).filter(Boolean);
    if (!words.length) return [];
    let found = this.#ranked((each) => score(each, words));
    if (!found.length && words.length === 1) found = this.#ranked((each) => (each.kind === "column" ? 0 : loosely(each, words[0])));
    return found;
  }

  #ranked(rate) {
    const rated = [];
    for (const each of this.#entries) {
      const points = rate(each);
      if (points) rated.push([points + KINDS[each.kind], each]);
    }
    rated.sort((one, other) => other[0] - one[0] || one[1].name.length - other[1].name.length || (one[1].lower < other[1].lower ? -1 : 1));
    return rated.slice(0, MOST).map(([, each]) => each);
  }
}

function entry(kind, name, where, comment, target) {
  return { kind, name, where, comment: comment ?? "", lower: name.toLowerCase(), around: `${where} ${comment ?? ""}`.toLowerCase(), target };
}

/** The least points that any word gives; 0 when one of them is nowhere. Words that stand only around the name count little. */
function score(each, words) {
  let total = 0, inName = false;
  for (const word of words) {
    const points = inside(each.lower, word);
    if (points) inName = true;
    else if (!each.around.includes(word)) return 0;
    total += points || 8;
  }
  return inName || each.kind !== "column" || each.comment ? total / words.length : 0;
}

function inside(name, word) {
  const at = name.indexOf(word);
  if (at < 0) return 0;
  if (name.length === word.length) return 100;
  if (at === 0) return 80;
  return /[_. -]/.test(name[at - 1]) ? 60 : 40;
}

/** Points when the letters of a word stand in a name in this order; the closer together, the more. */
function loosely(each, word) {
  let from = -1, first = -1;
  for (const letter of word) {
    from = each.lower.indexOf(letter, from + 1);
    if (from < 0) return 0;
    if (first < 0) first = from;
  }
  return word.length < 3 ? 0 : 30 / (1 + (from - first + 1 - word.length));
}

/** Split a text into pieces, [text, whether it was looked for]. */
export function marked(text, query) {
  const words = query.toLowerCase().split(/[\s.]+/).filter(Boolean);
  const lower = text.toLowerCase();
  const pieces = [];
  let from = 0;
  while (from < text.length) {
    const hits = words.map((word) => [lower.indexOf(word, from), word.length]).filter(([at]) => at >= 0);
    if (!hits.length || lower.length !== text.length) break;
    const [at, length] = hits.sort((one, other) => one[0] - other[0] || other[1] - one[1])[0];
    if (at > from) pieces.push([text.slice(from, at), false]);
    pieces.push([text.slice(at, at + length), true]);
    from = at + length;
  }
  if (from < text.length) pieces.push([text.slice(from), false]);
  return pieces;
}
