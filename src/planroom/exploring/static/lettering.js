// Text on canvas: measured once, cut or broken where its room ends.

const BASE = 100; // px: what a text is measured at; widths grow with the size
const widths = new Map();

export class Lettering {
  constructor(context, sans, mono) {
    this.context = context;
    this.faces = { plain: ["400", sans], bold: ["600", sans], mono: ["400", mono] };
  }

  width(text, size, face) {
    const key = `${face} ${text}`;
    let found = widths.get(key);
    if (found === undefined) {
      const [weight, family] = this.faces[face];
      this.context.font = `${weight} ${BASE}px ${family}`;
      found = this.context.measureText(text).width;
      widths.set(key, found);
    }
    return (found * size) / BASE;
  }

  /** The text, or as much of it as has room, ended with an ellipsis. */
  fit(text, room, size, face) {
    if (this.width(text, size, face) <= room) return text;
    let low = 0, high = text.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.width(`${text.slice(0, middle)}…`, size, face) <= room) low = middle;
      else high = middle - 1;
    }
    return low ? `${text.slice(0, low)}…` : "";
  }

  /** The text in lines that break after underscores, at most so many. */
  lines(text, room, size, face, most) {
    const lines = [];
    for (const word of text.split(/(?<=[_ -])/)) {
      const longer = (lines.at(-1) ?? "") + word;
      if (lines.length && this.width(longer, size, face) <= room) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    const kept = lines.length > most ? [...lines.slice(0, most - 1), lines.slice(most - 1).join("")] : lines;
    return kept.map((line) => this.fit(line, room, size, face));
  }

  draw(text, x, y, size, face, ink, align = "left") {
    if (!text) return;
    const [weight, family] = this.faces[face];
    this.context.font = `${weight} ${size}px ${family}`;
    this.context.fillStyle = ink;
    this.context.textAlign = align;
    this.context.fillText(text, x, y);
  }
}
