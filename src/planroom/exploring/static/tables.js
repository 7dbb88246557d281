// Tables on the map: a speck, a name, names and keys, or all columns, by how large they are on the screen.

import { FOREIGN, NULLABLE, PERSONAL, PRIMARY, UNIQUE } from "./design.js";
import { drawKey, drawRing, drawShield } from "./shapes.js";

const HEADER = 28, ROW = 20, PAD = 10;
const READABLE = 10; // px on the screen
const SMALLEST = 5; // px: a name that would be smaller is not drawn
const SPECK = 8; // px: a table that is no wider is a speck of its colour

export class TablePainter {
  /** Paint as a map is at this moment: its colours, its scale, what is seen, selected and near. */
  constructor({ context, camera, colours, letters, level, near, state, view, boxOf }) {
    Object.assign(this, { context, camera, colours, letters, level, near, state, view, boxOf });
  }

  draw(table) {
    const { context, colours, camera, level } = this;
    const box = this.boxOf(table);
    context.globalAlpha = this.near && !this.near.has(table) ? 0.3 : 1;
    if (level === "clusters" && box.width * camera.scale < SPECK) {
      context.fillStyle = colours.edge(table.hue);
      context.fillRect(box.x, box.y, box.width, box.height);
      context.globalAlpha = 1;
      return;
    }
    context.beginPath();
    context.roundRect(box.x, box.y, box.width, box.height, 6);
    context.fillStyle = level === "clusters" || level === "names" ? colours.fill(table.hue) : colours.surface;
    context.fill();
    if (level === "names") this.#name(table, box);
    else if (level === "keys") this.#keys(table, box);
    else if (level === "columns") this.#columns(table, box);
    context.beginPath();
    context.roundRect(box.x, box.y, box.width, box.height, 6);
    context.strokeStyle = colours.edge(table.hue);
    context.lineWidth = Math.max(1, 0.7 / camera.scale);
    context.setLineDash(table.isView ? [5, 3] : []);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  #name(table, box) {
    const { camera, colours, letters } = this;
    const room = box.width - PAD;
    const size = Math.min(this.#nameSize(table.name, room), (box.height - 4) / 1.2);
    if (size * camera.scale < SMALLEST) return;
    const most = Math.max(1, Math.floor((box.height - 4) / (size * 1.15)));
    const lines = letters.lines(table.name, room, size, "bold", most);
    const top = box.y + (box.height - lines.length * size * 1.15) / 2 + size * 0.9;
    lines.forEach((line, at) => letters.draw(line, box.x + PAD / 2, top + at * size * 1.15, size, "bold", colours.ink));
  }

  /** As large as can be read well; a little smaller where that keeps a long word whole. */
  #nameSize(name, room) {
    const { scale } = this.camera;
    const wanted = Math.max(12, (READABLE + 1) / scale);
    const widest = Math.max(...name.split(/(?<=[_ -])/).map((word) => this.letters.width(word, wanted, "bold")));
    return Math.max(Math.min(wanted, (wanted * room) / widest), Math.min(wanted, 8 / scale));
  }

  #band(table, box, height) {
    const { context, colours } = this;
    context.beginPath();
    const below = box.height > height ? 0 : 6;
    context.roundRect(box.x, box.y, box.width, Math.min(height, box.height), [6, 6, below, below]);
    context.fillStyle = colours.fill(table.hue);
    context.fill();
  }

  /** Names and keys, as large as can be read: there is room where other columns are left out. */
  #keys(table, box) {
    const { camera, colours, letters } = this;
    const size = Math.max(12, READABLE / camera.scale);
    const line = Math.min(size * 1.45, box.height);
    this.#band(table, box, line);
    const room = box.width - 2 * PAD;
    letters.draw(letters.fit(table.name, room, size, "bold"), box.x + PAD, box.y + line * 0.69, size, "bold", colours.ink);
    const told = table.columns.filter((column) => column.flags & (PRIMARY | FOREIGN | UNIQUE));
    const keys = told.length ? told : table.columns;
    const most = Math.floor((box.height - line - 4) / line);
    const shown = keys.length > most ? keys.slice(0, Math.max(1, most - 1)) : keys;
    shown.forEach((column, at) => {
      const y = box.y + line * (at + 1.72) + 2;
      this.#scaledSign(column, box.x + PAD + size * 0.55, y - size * 0.33, size / 12);
      const ink = column.flags & NULLABLE ? colours.secondary : colours.ink;
      letters.draw(letters.fit(column.name, room - size * 1.5, size, "plain"), box.x + PAD + size * 1.5, y, size, "plain", ink);
    });
    if (shown.length < Math.min(keys.length, most)) {
      const y = box.y + line * (shown.length + 1.72) + 2;
      letters.draw(`${keys.length - shown.length} more`, box.x + PAD, y, size, "plain", colours.secondary);
    }
  }

  #scaledSign(column, x, y, factor) {
    const { context } = this;
    context.save();
    context.translate(x, y);
    context.scale(factor, factor);
    this.#sign(column, 0, 0);
    context.restore();
  }

  #sign(column, x, y) {
    const { context, colours, letters } = this;
    if (column.flags & PRIMARY) drawKey(context, x, y, colours.ink, colours.ink);
    else if (column.flags & FOREIGN) drawKey(context, x, y, colours.secondary, colours.surface);
    else if (column.flags & UNIQUE) letters.draw("u", x, y + 3.5, 11, "bold", colours.secondary, "center");
  }

  #columns(table, box) {
    const { context, colours, letters, state } = this;
    this.#band(table, box, HEADER);
    const right = box.x + box.width - PAD;
    const rows = table.facts?.find(([name]) => name === "rows")?.[1] ?? "";
    const note = rows ? `${rows} rows` : table.isView ? "view" : "";
    const noteWidth = note ? letters.width(note, 11, "plain") + 8 : 0;
    letters.draw(letters.fit(table.name, box.width - 2 * PAD - noteWidth, 12, "bold"), box.x + PAD, box.y + 18.5, 12, "bold", colours.ink);
    letters.draw(note, right, box.y + 18.5, 11, "plain", colours.secondary, "right");
    table.columns.forEach((column, at) => {
      const y = box.y + HEADER + ROW * at;
      if (y + ROW < this.view.y || y > this.view.y + this.view.height) return;
      if (table === state.selected && column.name === state.column) {
        context.fillStyle = colours.mark;
        context.fillRect(box.x + 1, y, box.width - 2, ROW);
      }
      this.#sign(column, box.x + PAD + 7, y + ROW / 2);
      if (column.flags & NULLABLE) drawRing(context, right - 3, y + ROW / 2, colours.secondary);
      if (column.flags & PERSONAL) drawShield(context, right - 18, y + ROW / 2, colours.secondary);
      const typeEnd = right - (column.flags & PERSONAL ? 28 : 12);
      const typeText = letters.fit(column.type, box.width * 0.45, 11, "mono");
      const left = box.x + PAD + 20;
      const room = typeEnd - letters.width(typeText, 11, "mono") - 8 - left;
      const ink = column.flags & NULLABLE ? colours.secondary : colours.ink;
      letters.draw(letters.fit(column.name, room, 12, "plain"), left, y + 14, 12, "plain", ink);
      letters.draw(typeText, typeEnd, y + 14, 11, "mono", colours.secondary, "right");
    });
  }
}
