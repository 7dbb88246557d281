// What is shown: by cluster, by kind, by what is in a table.

import { byId, capital, element } from "./dom.js";
import { findingList } from "./findings.js";

export class Filters {
  #hidden = new Set();
  #only = new Set();

  constructor(design, changed) {
    Object.assign(this, { design, changed, root: byId("filters") });
    this.tests = [
      ["Personal data", (table) => table.personal],
      ["Findings", (table) => table.findings?.length],
      ["Decisions", (table) => table.decisions?.length],
      ["Views", (table) => table.isView],
    ]
      .map(([name, holds]) => ({ name, holds, count: design.tables.filter(holds).length }))
      .filter((test) => test.count);
    this.#build();
  }

  shows(table) {
    if (this.#hidden.has(table.cluster)) return false;
    for (const test of this.#only) if (!test.holds(table)) return false;
    return true;
  }

  showsCluster(cluster) {
    return !this.#hidden.has(cluster.at) && (!this.#only.size || cluster.tables.some((table) => this.shows(table)));
  }

  /** How many filters are set. */
  get count() {
    return this.#only.size + (this.#hidden.size ? 1 : 0);
  }

  /** Let a table be seen, whatever is filtered. */
  reveal(table) {
    if (this.shows(table)) return;
    this.#hidden.delete(table.cluster);
    if (!this.shows(table)) this.#only.clear();
    this.#build();
    this.changed();
  }

  #build() {
    const clusters = [...this.design.clusters].sort((one, other) => other.tables.length - one.tables.length);
    const all = this.#hidden.size === 0;
    const flip = () => {
      this.#hidden = new Set(all ? this.design.clusters.map((cluster) => cluster.at) : []);
      this.#build();
      this.changed();
    };
    const told = new Set(this.design.tables.flatMap((table) => table.findings ?? []));
    const elsewhere = this.design.findings.filter((_, at) => !told.has(at));
    this.root.replaceChildren(
      ...(this.tests.length ? [element("h2", null, "Only tables with"), element("ul", null, this.tests.map((test) => this.#test(test)))] : []),
      element("h2", null, capital(this.design.grouping), element("button", { type: "button", onclick: flip }, all ? "None" : "All")),
      element("ul", null, clusters.map((cluster) => this.#cluster(cluster))),
      ...(elsewhere.length ? [element("h2", null, "Findings beside the tables"), findingList(elsewhere)] : []),
    );
  }

  #test(test) {
    return this.#choice(test.name, test.count, this.#only.has(test), null, (on) => (on ? this.#only.add(test) : this.#only.delete(test)));
  }

  #cluster(cluster) {
    const swatch = element("i", { class: "swatch" });
    if (cluster.hue >= 0) {
      swatch.style.background = `var(--fill-${cluster.hue % 8})`;
      swatch.style.borderColor = `var(--edge-${cluster.hue % 8})`;
    }
    return this.#choice(cluster.name, cluster.tables.length, !this.#hidden.has(cluster.at), swatch, (on) =>
      on ? this.#hidden.delete(cluster.at) : this.#hidden.add(cluster.at));
  }

  #choice(name, count, on, swatch, act) {
    const box = element("input", { type: "checkbox", onchange: () => { act(box.checked); this.changed(); } });
    box.checked = on;
    return element("li", null, element("label", null, box, swatch ?? element("i"), element("span", null, name), element("span", { class: "count" }, String(count))));
  }
}
