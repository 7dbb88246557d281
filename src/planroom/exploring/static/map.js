// The map: how much of each table is drawn follows from how large it is on the screen.

import { Lettering } from "./lettering.js";
import { curvedWay, drawEnd, foundWay } from "./shapes.js";
import { TablePainter } from "./tables.js";
import { tokens } from "./theme.js";

const LEVELS = { columns: 0.62, keys: 0.34, names: 0.085 }; // from which scale on; below, clusters
const MOST_TIES = 400; // between clusters, the strongest
const TELLING = 0.6; // the share of a cluster's name that must be seen
const MOST_LINES = 4000; // relations drawn at once, besides those of the selected table
const FEW_STRONG = 60; // so many relations between clusters can still be told apart; more are the fainter
const FAINT = 0.22;

export function levelOf(scale) {
  return Object.keys(LEVELS).find((level) => scale >= LEVELS[level]) ?? "clusters";
}

export class MapView {
  #ways = new Map();
  #arranged = null;

  constructor(canvas, design, camera, state) {
    Object.assign(this, { canvas, design, camera, state });
    this.context = canvas.getContext("2d");
    this.regions = design.regions;
    this.ties = design.ties.sort((one, other) => other[2] - one[2]).slice(0, MOST_TIES);
    this.retint();
  }

  /** Read the theme's colours again. */
  retint() {
    this.colours = tokens();
    this.letters = new Lettering(this.context, this.colours.sans, this.colours.mono);
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    const ratio = devicePixelRatio || 1;
    this.ratio = ratio;
    this.width = clientWidth;
    this.height = clientHeight;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
  }

  boxOf(table) {
    return this.state.boxes ? this.state.boxes.get(table) : table.box;
  }

  /** The tables that are shown, in a neighbourhood only those in it. */
  *shown() {
    for (const table of this.state.boxes ? this.state.boxes.keys() : this.design.tables) {
      if (this.state.shows(table)) yield table;
    }
  }

  /** The box around everything that is shown. */
  extent() {
    let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
    for (const table of this.shown()) {
      const box = this.boxOf(table);
      left = Math.min(left, box.x);
      top = Math.min(top, box.y);
      right = Math.max(right, box.x + box.width);
      bottom = Math.max(bottom, box.y + box.height);
    }
    if (left > right) return { x: 0, y: 0, width: 400, height: 300 };
    const margin = this.state.boxes ? 20 : 80;
    return { x: left - margin, y: top - margin, width: right - left + 2 * margin, height: bottom - top + 2 * margin };
  }

  tableAt(x, y) {
    const point = this.camera.toPlan(x, y);
    for (const table of this.shown()) if (contains(this.boxOf(table), point)) return table;
    return null;
  }

  clusterAt(x, y) {
    if (this.state.boxes) return null;
    const point = this.camera.toPlan(x, y);
    return this.design.clusters.find((cluster) => contains(boxed(cluster.box), point)) ?? null;
  }

  /** The table nearest to the middle of the stage. */
  central() {
    const middle = this.camera.toPlan(this.width / 2, this.height / 2);
    let best = null, least = Infinity;
    for (const table of this.shown()) {
      const box = this.boxOf(table);
      const away = Math.hypot(box.x + box.width / 2 - middle.x, box.y + box.height / 2 - middle.y);
      if (away < least) [best, least] = [table, away];
    }
    return best;
  }

  draw() {
    const { context, camera, colours, ratio } = this;
    this.level = this.state.boxes && levelOf(camera.scale) === "clusters" ? "names" : levelOf(camera.scale);
    this.view = { x: camera.x, y: camera.y, width: this.width / camera.scale, height: this.height / camera.scale };
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    const scale = camera.scale * ratio;
    context.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale);
    context.textBaseline = "alphabetic";
    context.lineJoin = "round";
    this.#gather();
    if (!this.state.boxes) this.#frames();
    if (this.level === "clusters") this.#tiesBetweenClusters();
    else this.#relations();
    if (this.state.boxes) this.#strong(); // arranged for it: no line needs to cross a table
    const painter = new TablePainter(this);
    for (const table of this.visible) painter.draw(table);
    if (!this.state.boxes) this.#strong();
    this.#rings();
    if (!this.state.boxes) this.#clusterNames();
  }

  #gather() {
    const { selected } = this.state;
    const centre = this.state.hovered ?? selected;
    this.near = selected && !this.state.boxes ? selected.neighbours.add(selected) : null;
    this.strong = centre ? new Set([...centre.out, ...centre.into]) : new Set();
    this.visible = [];
    for (const table of this.shown()) if (meets(this.boxOf(table), this.view)) this.visible.push(table);
  }

  // -- frames

  #frames() {
    const { context, colours, camera } = this;
    for (const cluster of this.design.clusters) {
      const box = boxed(cluster.box);
      if (!meets(box, this.view) || !this.state.showsCluster(cluster)) continue;
      context.beginPath();
      context.roundRect(box.x, box.y, box.width, box.height, Math.min(16, 12 / camera.scale));
      context.globalAlpha = colours.tint;
      context.fillStyle = colours.fill(cluster.hue);
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = colours.edge(cluster.hue);
      context.lineWidth = 1 / camera.scale;
      context.stroke();
    }
  }

  /** Names in the room that frames keep for them; where that is too small to read, one for each hue, over the tables. */
  #clusterNames() {
    const least = 11 / this.camera.scale;
    if (this.design.label * 0.6 >= least) this.#namesInFrames(least);
    else this.#namesOverRegions(least);
  }

  #namesInFrames(least) {
    const { camera, colours, letters, design } = this;
    const wanted = Math.max(least, Math.min(design.label * 0.6, 26 / camera.scale));
    for (const cluster of design.clusters) {
      const box = boxed(cluster.box), inset = Math.min(16, box.width / 10);
      if (!meets(box, this.view) || !this.state.showsCluster(cluster)) continue;
      const room = box.width - 2 * inset;
      const size = Math.max(least, Math.min(wanted, (wanted * room) / letters.width(cluster.name, wanted, "bold")));
      const y = box.y + design.label / 2 + size * 0.4;
      letters.draw(letters.fit(cluster.name, room, size, "bold"), box.x + inset, y, size, "bold", colours.secondary);
    }
  }

  #namesOverRegions(size) {
    const { letters, regions } = this;
    const taken = [];
    for (const region of regions) {
      const text = letters.fit(region.name, region.width * 0.94, size, "bold");
      if (!meets(region, this.view) || !this.state.showsHue(region) || text.length < TELLING * region.name.length) continue;
      const x = region.x + region.width * 0.03, y = region.y + Math.min(region.height / 2 + size / 3, size * 1.6);
      const place = { x: x - size / 2, y: y - size * 1.1, width: letters.width(text, size, "bold") + size, height: size * 1.6 };
      if (taken.some((other) => meets(other, place))) continue;
      taken.push(place);
      this.#backed(text, x, y, size);
    }
  }

  #backed(text, x, y, size) {
    const { context, colours, letters } = this;
    const width = letters.width(text, size, "bold");
    context.globalAlpha = 0.86;
    context.fillStyle = colours.surface;
    context.beginPath();
    context.roundRect(x - size * 0.4, y - size * 1.05, width + size * 0.8, size * 1.5, size * 0.35);
    context.fill();
    context.globalAlpha = 1;
    letters.draw(text, x, y, size, "bold", colours.ink);
  }

  #tiesBetweenClusters() {
    const { context, colours, camera } = this;
    context.strokeStyle = colours.line;
    for (const [one, other, count] of this.ties) {
      if (!this.state.showsCluster(one) || !this.state.showsCluster(other)) continue;
      const a = middleOf(boxed(one.box)), b = middleOf(boxed(other.box));
      context.globalAlpha = this.near ? 0.08 : 0.16 + Math.min(0.4, count / 60);
      context.lineWidth = (0.8 + Math.log2(count) * 0.7) / camera.scale;
      context.beginPath();
      context.moveTo(a.x, a.y);
      const bend = (b.x - a.x) * 0.12, lift = (b.y - a.y) * 0.12;
      context.quadraticCurveTo((a.x + b.x) / 2 + lift, (a.y + b.y) / 2 - bend, b.x, b.y);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  // -- relations

  #wayOf(relation) {
    if (this.#arranged !== this.state.boxes) {
      this.#ways = new Map();
      this.#arranged = this.state.boxes;
    }
    let way = this.#ways.get(relation);
    if (!way) {
      const { parent, child, parentRow, childRow } = relation;
      way =
        relation.way?.length && !this.state.boxes
          ? foundWay(relation.way)
          : curvedWay(this.boxOf(parent), parentRow, this.boxOf(child), childRow);
      this.#ways.set(relation, way);
    }
    return way;
  }

  #relations() {
    const { context, camera, colours, state } = this;
    const inside = [], between = [];
    for (const relation of this.design.relations) {
      if (this.strong.has(relation) || !this.#ends(relation)) continue;
      (relation.way?.length || state.boxes ? inside : between).push(relation);
    }
    context.strokeStyle = colours.line;
    context.lineWidth = Math.max(1.2, 0.9 / camera.scale);
    const quiet = this.near ? FAINT : 1;
    this.#lines(inside, (state.boxes ? 0.45 : 0.85) * quiet);
    this.#lines(between, Math.max(FEW_STRONG / Math.max(FEW_STRONG, between.length), 0.2) * 0.7 * quiet);
  }

  #ends({ parent, child }) {
    const { boxes } = this.state;
    if (boxes && !(boxes.has(parent) && boxes.has(child))) return false;
    return this.state.shows(parent) && this.state.shows(child);
  }

  #lines(relations, alpha) {
    const { context } = this;
    context.globalAlpha = alpha;
    let count = 0;
    for (const relation of relations) {
      const way = this.#wayOf(relation);
      if (!meets(way.bounds, this.view)) continue;
      if (++count > MOST_LINES) break;
      this.#line(relation, way, this.level === "columns" && alpha > FAINT);
    }
    context.globalAlpha = 1;
  }

  #line(relation, way, ends) {
    const { context, design, colours } = this;
    context.setLineDash(relation.score ? [5, 3] : []);
    context.stroke(way.path);
    context.setLineDash([]);
    if (!ends) return;
    const [child, parent] = relation.ends.map((end) => design.ends[end]);
    drawEnd(context, parent, way.from, colours.surface);
    drawEnd(context, child, way.to, colours.surface);
  }

  /** The relations of the table that is pointed at or selected, over everything. */
  #strong() {
    const { context, camera, colours, state } = this;
    context.strokeStyle = colours.accent;
    context.lineWidth = Math.max(1.6, 1.6 / camera.scale);
    for (const relation of this.strong) {
      if (!this.#ends(relation)) continue;
      this.#line(relation, this.#wayOf(relation), this.level === "columns" || this.level === "keys");
    }
  }

  #rings() {
    const { context, camera, colours, state } = this;
    context.strokeStyle = colours.accent;
    for (const [table, width] of [[state.marked, 2], [state.selected, 2.5]]) {
      if (!table || !state.shows(table) || !this.boxOf(table)) continue;
      const box = this.boxOf(table), gap = 3 / camera.scale;
      context.lineWidth = Math.max(width / camera.scale, 1);
      context.setLineDash(table === state.selected ? [] : [6 / camera.scale, 4 / camera.scale]);
      context.beginPath();
      context.roundRect(box.x - gap, box.y - gap, box.width + 2 * gap, box.height + 2 * gap, 8);
      context.stroke();
      context.setLineDash([]);
    }
  }
}

export function boxed([x, y, width, height]) {
  return { x, y, width, height };
}

function middleOf(box) {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function contains(box, point) {
  return box.x <= point.x && point.x <= box.x + box.width && box.y <= point.y && point.y <= box.y + box.height;
}

function meets(one, other) {
  return one.x <= other.x + other.width && other.x <= one.x + one.width && one.y <= other.y + other.height && other.y <= one.y + one.height;
}
