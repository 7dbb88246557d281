// The page put together: what is selected, what that shows, and the keys.

import { readAddress, writeAddress } from "./address.js";
import { Camera } from "./camera.js";
import { Design } from "./design.js";
import { byId, element, plural } from "./dom.js";
import { Filters } from "./filters.js";
import { Finder } from "./finder.js";
import { listen } from "./gestures.js";
import { MapView, boxed } from "./map.js";
import { Minimap } from "./minimap.js";
import { neighbourhood } from "./neighbourhood.js";
import { Panel } from "./panel.js";
import { Search } from "./search.js";
import { startTheme } from "./theme.js";

const PAN = 80; // px a key
const ZOOM = 1.35; // a key
const NARROW = matchMedia("(max-width: 720px)");

const design = new Design(byId("design").textContent);
const canvas = byId("map");
const state = { selected: null, column: null, hovered: null, marked: null, hops: 0, boxes: null, whole: true };
let waiting = 0;
let search = null;

const camera = new Camera(redraw, () => (state.whole = false));
const filters = new Filters(design, filtered);
state.shows = (table) => filters.shows(table) || table === state.selected;
state.showsCluster = (cluster) => filters.showsCluster(cluster);
state.showsHue = ({ hue, name }) => design.clusters.some((each) => (hue < 0 ? each.name === name : each.hue === hue) && filters.showsCluster(each));
const map = new MapView(canvas, design, camera, state);
const minimap = new Minimap(byId("minimap"), map);
const panel = new Panel(design, {
  open: (table, column = "") => go({ table: table.id, column }),
  openKind: (kind) => go({ type: kind.id }),
  neighbours: (hops) => go({ table: state.selected.id, hops }),
  find: (table) => { if (state.boxes) go({ table: table.id }); look(table); canvas.focus(); },
  close: () => { go({}); canvas.focus(); },
});
const finder = new Finder(
  () => (search ??= new Search(design)),
  ({ table, column, kind }) => { go(kind ? { type: kind.id } : { table: table.id, column: column ?? "" }); byId("panel").focus(); },
  (query) => writeAddress({ ...readAddress(), search: query }, { replace: true }),
);

// -- showing

function redraw() {
  waiting ||= requestAnimationFrame(() => {
    waiting = 0;
    map.draw();
    minimap.draw();
  });
}

function everything(fly = true) {
  camera.show(map.extent(), map.width, freeHeight(), { most: 1.1, margin: NARROW.matches ? 8 : 24, fly });
  state.whole = true;
}

/** The height of the stage that no sheet covers. */
function freeHeight() {
  const covered = NARROW.matches && !byId("panel").hidden ? byId("panel").offsetHeight : 0;
  return Math.max(120, map.height - covered);
}

/** Bring a table into the middle, close enough to be read. */
function look(table, fly = true) {
  const { x, y, width, height } = map.boxOf(table);
  const room = 60;
  const scale = Math.min(1, Math.max(0.75, camera.scale));
  const free = freeHeight();
  const seen = Math.min(height + 2 * room, free / scale); // of a long table the upper part
  const across = map.width / scale, down = free / scale;
  const part = { x: x + width / 2 - across / 2, y: y - room + seen / 2 - down / 2, width: across, height: down };
  camera.show(part, map.width, free, { margin: 0, fly });
  state.whole = false;
}

function say(words) {
  byId("said").textContent = words;
}

function filtered() {
  const number = byId("filters-count");
  number.hidden = !filters.count;
  number.textContent = String(filters.count);
  redraw();
}

// -- the address decides what is shown

function go(parts) {
  writeAddress({ ...parts, search: "" });
  arrive();
}

function arrive(fly = true) {
  const address = readAddress();
  const table = design.byId.get(address.table) ?? null;
  const kind = design.kindById.get(address.type) ?? null;
  const left = state.boxes && !(table && address.hops);
  Object.assign(state, { selected: table, column: address.column || null, hops: table ? address.hops : 0, marked: null, hovered: null });
  state.boxes = table && address.hops ? neighbourhood(table, address.hops) : null;
  const wasHidden = byId("panel").hidden;
  if (table) {
    filters.reveal(table);
    panel.showTable(table, address);
    say(`${table.kind} ${table.name}, ${plural(table.columns.length, "column")}, ${plural(table.out.length + table.into.length, "relation")}`);
  } else if (kind) panel.showKind(kind);
  else panel.hide();
  document.title = table || kind ? `${table?.name ?? kind.id} · ${design.name}` : design.name;
  document.querySelector(".stage").classList.toggle("covered", !byId("panel").hidden);
  trail();
  if (wasHidden !== byId("panel").hidden) fitStage();
  if (state.boxes || (left && !table)) everything(fly);
  else if (table) look(table, fly);
  redraw();
}

function trail() {
  const bar = byId("trail");
  bar.hidden = !state.boxes;
  if (!state.boxes) return bar.replaceChildren();
  const { selected, hops } = state;
  bar.replaceChildren(
    element("span", null, `Within ${plural(hops, "relation")} of ${selected.name}: ${plural(state.boxes.size, "table")}`),
    ...[1, 2, 3].map((count) =>
      element("button", { type: "button", "aria-pressed": String(count === hops), "aria-label": plural(count, "relation"), onclick: () => go({ table: selected.id, hops: count }) }, String(count))),
    element("button", { type: "button", onclick: () => go({ table: selected.id }) }, "Whole map"),
  );
}

/** Give the canvas the size of the stage, and keep its middle in the middle. */
function fitStage() {
  camera.settle();
  const middle = map.width ? camera.toPlan(map.width / 2, map.height / 2) : null;
  map.resize();
  if (!middle) return;
  if (state.whole) return everything(false);
  camera.x = middle.x - map.width / camera.scale / 2;
  camera.y = middle.y - map.height / camera.scale / 2;
  redraw();
}

// -- the pointer and the keys

listen(canvas, camera, {
  clicked(x, y) {
    const table = map.tableAt(x, y);
    const cluster = map.level === "clusters" ? map.clusterAt(x, y) : null;
    if (cluster) {
      state.whole = false;
      camera.show(boxed(cluster.box), map.width, map.height, { most: 1 });
    } else if (table) go({ table: table.id, hops: state.hops && state.boxes ? state.hops : "" });
    else if (state.selected && !state.boxes) go({});
  },
  hovered(x, y, isMouse) {
    const table = isMouse && map.level !== "clusters" ? map.tableAt(x, y) : null;
    canvas.classList.toggle("pointing", Boolean(table));
    if (table === state.hovered) return;
    state.hovered = table;
    redraw();
  },
});

const KEYS = {
  ArrowLeft: () => camera.pan(PAN, 0),
  ArrowRight: () => camera.pan(-PAN, 0),
  ArrowUp: () => camera.pan(0, PAN),
  ArrowDown: () => camera.pan(0, -PAN),
  "+": () => zoom(ZOOM),
  "=": () => zoom(ZOOM),
  "-": () => zoom(1 / ZOOM),
  0: () => everything(),
};

function zoom(factor) {
  camera.zoom(factor, map.width / 2, map.height / 2);
}

canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && state.marked) {
    go({ table: state.marked.id });
    byId("panel").focus();
  } else if (event.key in KEYS) {
    event.preventDefault();
    KEYS[event.key]();
    mark();
  }
});

/** Mark the table in the middle: the one that Enter opens. */
function mark() {
  state.marked = map.central();
  if (state.marked) say(state.marked.name);
  redraw();
}

canvas.addEventListener("focus", () => { if (canvas.matches(":focus-visible")) mark(); });
canvas.addEventListener("blur", () => { state.marked = null; redraw(); });

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    finder.field.focus();
    finder.field.select();
  } else if (event.key === "Escape" && !typing) {
    if (byId("filters").classList.contains("open") && byId("filters").contains(document.activeElement)) toggleFilters(false);
    else if (state.boxes) go({ table: state.selected.id });
    else if (!byId("panel").hidden) { go({}); canvas.focus(); }
  }
});

function toggleFilters(open) {
  byId("filters").classList.toggle("open", open);
  byId("filters-toggle").setAttribute("aria-expanded", String(open));
  if (open) byId("filters").focus();
  else byId("filters-toggle").focus();
  fitStage();
}

byId("filters-toggle").addEventListener("click", () => toggleFilters(!byId("filters").classList.contains("open")));
byId("zoom-in").addEventListener("click", () => zoom(ZOOM));
byId("zoom-out").addEventListener("click", () => zoom(1 / ZOOM));
byId("zoom-all").addEventListener("click", () => everything());
addEventListener("popstate", () => arrive());
addEventListener("hashchange", () => arrive());
new ResizeObserver(fitStage).observe(document.querySelector(".stage"));

// -- begin

byId("name").textContent = design.name;
byId("headline").textContent = design.headline;
byId("headline").title = design.headline;
finder.field.placeholder = `Search ${plural(design.tables.length, "table")}, columns, comments`;
canvas.setAttribute("aria-label", `Map of ${design.name}: ${design.headline}`);
fitStage();
startTheme(() => {
  map.retint();
  map.draw(); // at once: a print does not wait for the next frame
  minimap.draw();
});
everything(false);
arrive(false);
const asked = readAddress().search;
if (asked) {
  finder.field.value = asked;
  finder.look();
}
map.draw();
minimap.draw();
document.documentElement.dataset.drawn = performance.now().toFixed(0);
