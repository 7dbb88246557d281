// Everything that is known of one table, view, enum or domain.

import { FOREIGN, NULLABLE, PRIMARY, UNIQUE } from "./design.js";
import { byId, element, grouped } from "./dom.js";
import { findingList } from "./findings.js";

const SIGNS = [[PRIMARY, "PK", "primary key"], [FOREIGN, "FK", "foreign key"], [UNIQUE, "UK", "unique"]];

export class Panel {
  /** Take what is to be done when something in it is used: `open(table, column)`, `neighbours()`, `openKind`, `close()`. */
  constructor(design, acts) {
    Object.assign(this, { design, acts, root: byId("panel") });
  }

  hide() {
    this.root.hidden = true;
    this.root.replaceChildren();
  }

  showTable(table, { column = null, hops = 0 } = {}) {
    const parts = [
      this.#head(table.kind, table.schema, table.name, this.#chip(table), this.#actions(table, hops)),
      table.comment ? element("p", { class: "about" }, table.comment) : null,
      this.#facts(table),
      this.#judged(table),
      this.#columns(table, column),
      this.#relations("References", table.out, (each) => each.parent),
      this.#relations("Referenced by", table.into, (each) => each.child),
      rows("Keys and indexes", table.indexes),
      rows("Guards", (table.guards ?? []).filter(([kind]) => kind !== "query")),
      rows("Partitions", (table.partitions ?? []).map(([name, bound]) => ["", bound, name])),
      this.#folded("Query", (table.guards ?? []).find(([kind]) => kind === "query")?.[1]),
      this.#folded("DDL", table.ddl),
    ];
    this.#fill(parts);
    this.root.querySelector(".hit")?.scrollIntoView({ block: "center" });
  }

  showKind(kind) {
    const uses = kind.uses.map(([table, column]) => [this.design.tables[table], this.design.tables[table].columns[column].name]);
    this.#fill([
      this.#head(kind.kind, "", kind.id, null, null),
      kind.comment ? element("p", { class: "about" }, kind.comment) : null,
      kind.labels ? rows("Values", kind.labels.map((label) => ["", label, ""])) : null,
      kind.type ? rows("Type", [["", kind.type, ""], ...kind.checks.map((check) => ["check", check, ""])]) : null,
      section("Used by", uses.length, links(uses.map(([table, column]) => [table.name, "", column, () => this.acts.open(table, column)]))),
    ]);
  }

  #fill(parts) {
    this.root.hidden = false;
    this.root.replaceChildren(...parts.flat(Infinity).filter(Boolean));
    this.root.scrollTop = 0;
    this.root.setAttribute("aria-label", `Details of ${this.root.querySelector("h2").textContent}`);
  }

  #head(kind, schema, name, chip, actions) {
    const cross = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    for (const [key, value] of [["viewBox", "0 0 16 16"], ["width", "16"], ["height", "16"], ["aria-hidden", "true"]]) cross.setAttribute(key, value);
    path.setAttribute("d", "M4 4l8 8M12 4l-8 8");
    cross.append(path);
    return element("header", null,
      element("div", { class: "over" }, element("span", null, [kind, schema].filter(Boolean).join(" · ")), chip),
      element("h2", { tabindex: "-1" }, name),
      actions,
      element("button", { type: "button", class: "close", "aria-label": "Close details", onclick: this.acts.close }, cross));
  }

  #chip(table) {
    const cluster = this.design.clusters[table.cluster];
    if (!cluster) return null;
    const chip = element("span", { class: "chip" }, cluster.name);
    if (table.hue >= 0) chip.style.background = `var(--fill-${table.hue % 8})`;
    return chip;
  }

  #actions(table, hops) {
    const pressed = hops > 0;
    return element("div", { class: "acts" },
      element("button", { type: "button", onclick: () => this.acts.find(table) }, "Show on map"),
      table.out.length + table.into.length
        ? element("button", { type: "button", "aria-pressed": String(pressed), onclick: () => this.acts.neighbours(pressed ? 0 : 1) }, "Neighbourhood")
        : null);
  }

  #facts(table) {
    if (!table.facts?.length) return null;
    return element("section", null, element("dl", { class: "facts" }, table.facts.map(([name, words]) => [element("dt", null, name), element("dd", null, words)])));
  }

  #judged(table) {
    const found = (table.findings ?? []).map((at) => this.design.findings[at]);
    const decided = (table.decisions ?? []).map((at) => this.design.decisions[at]);
    return [
      section("Findings", found.length, findingList(found)),
      section("Decisions", decided.length, element("ul", { class: "judged" }, decided.map((each) =>
        element("li", null, element("span", null, "§"), element("div", null, `${each.id} ${each.title}`, element("div", { class: "fix" }, each.status)))))),
    ];
  }

  #columns(table, wanted) {
    return section("Columns", table.columns.length, element("ul", { class: "columns" }, table.columns.map((column) => this.#column(column, wanted))));
  }

  #column(column, wanted) {
    const [, sign, words] = SIGNS.find(([flag]) => column.flags & flag) ?? [0, "", ""];
    const more = [];
    if (column.pii) more.push(element("div", null, `personal data: ${column.pii}`));
    if (column.value) more.push(element("div", null, element("code", null, column.value)));
    if (column.comment) more.push(element("div", null, column.comment));
    const nullable = column.flags & NULLABLE;
    return element("li", { class: [nullable ? "nullable" : "", column.name === wanted ? "hit" : ""].filter(Boolean).join(" ") || null },
      element("span", { class: sign === "PK" ? "sign primary" : "sign", title: words, "aria-label": words || null }, sign),
      element("span", { class: "label" }, column.name, nullable ? element("i", null, "null") : null),
      this.#type(column),
      more.length ? element("div", { class: "more" }, more) : null);
  }

  #type(column) {
    const bare = column.type.replace(/\[\]$|\(.*/, "");
    const kind = this.design.kinds.find((each) => each.id === bare || each.id.endsWith(`.${bare}`));
    if (!kind) return element("span", { class: "type" }, column.type);
    return element("button", { type: "button", class: "type", title: `${kind.kind} ${kind.id}`, onclick: () => this.acts.openKind(kind) }, column.type);
  }

  #relations(title, relations, other) {
    const { ends } = this.design;
    return section(title, relations.length, links(relations.map((each) => {
      const by = each.columns?.length ? `${each.columns.join(", ")} → ${each.referenced.join(", ")}` : each.name;
      const told = [by, each.rules, each.score ? `inferred, ${each.score}` : ""].filter(Boolean).join(" · ");
      const end = ends[each.ends[other(each) === each.parent ? 1 : 0]];
      return [other(each).name, end, told, () => this.acts.open(other(each))];
    })));
  }

  #folded(title, text) {
    if (!text) return null;
    return element("section", null, element("details", null, element("summary", null, title), element("pre", { tabindex: "0" }, text)));
  }
}

function section(title, count, content) {
  if (!count) return null;
  return element("section", null, element("h3", null, title, element("span", { class: "count" }, grouped(count))), content);
}

function rows(title, found) {
  return section(title, found?.length ?? 0, element("ul", { class: "rows" }, (found ?? []).map(([kind, words, name]) =>
    element("li", null, kind ? element("span", { class: "kind" }, kind) : null, element("code", null, words), name ? element("span", { class: "name" }, name) : null))));
}

function links(found) {
  return element("ul", { class: "links" }, found.map(([to, ends, by, act]) =>
    element("li", null, element("button", { type: "button", onclick: act }, element("span", { class: "to" }, to), element("span", { class: "ends" }, ends), element("span", { class: "by" }, by)))));
}
