// The design as objects that know each other.

// What the bits of a column's flags say.
export const PRIMARY = 1;
export const FOREIGN = 2;
export const UNIQUE = 4;
export const NULLABLE = 16;
export const PERSONAL = 32;

const named = (fields, values) => Object.fromEntries(fields.map((field, at) => [field, values[at]]));

class Table {
  #rows;
  #columns;
  #fields;
  #types;

  constructor(values, at, fields, types) {
    const { columns, box, ...rest } = named(fields.table, values);
    const [x, y, width, height] = box;
    Object.assign(this, rest, { box: { x, y, width, height } });
    this.at = at;
    this.out = [];
    this.into = [];
    this.#rows = columns ?? [];
    this.#fields = fields.column;
    this.#types = types;
  }

  /** The columns, unpacked when they are first asked for: of a large design few ever are. */
  get columns() {
    this.#columns ??= this.#rows.map((values) => {
      const column = named(this.#fields, values);
      column.type = this.#types[column.type] ?? "";
      return column;
    });
    return this.#columns;
  }

  /** Names and comments of the columns as [name, comment], without unpacking them. */
  *texts() {
    for (const values of this.#rows) yield [values[0], values[4] ?? ""];
  }

  get personal() {
    return this.#rows.some((values) => values[2] & PERSONAL);
  }

  get isView() {
    return this.kind.endsWith("view");
  }

  /** The tables at the other ends of its relations, each once. */
  get neighbours() {
    return new Set([...this.out.map((each) => each.parent), ...this.into.map((each) => each.child)]);
  }
}

export class Design {
  constructor(text) {
    const data = JSON.parse(text);
    Object.assign(this, data);
    this.tables = data.tables.map((values, at) => new Table(values, at, data.fields, data.types));
    this.byId = new Map(this.tables.map((table) => [table.id, table]));
    this.relations = data.relations.map((values) => this.#relation(named(data.fields.relation, values)));
    this.clusters = data.clusters.map((cluster, at) => ({ ...cluster, at, tables: [] }));
    for (const table of this.tables) this.clusters[table.cluster]?.tables.push(table);
    this.kinds = [
      ...data.enums.map((each) => ({ ...each, kind: "enum" })),
      ...data.domains.map((each) => ({ ...each, kind: "domain" })),
    ];
    this.kindById = new Map(this.kinds.map((each) => [each.id, each]));
  }

  #relation(values) {
    const relation = { ...values, child: this.tables[values.child], parent: this.tables[values.parent] };
    relation.child.out.push(relation);
    relation.parent.into.push(relation);
    return relation;
  }

  /** What has one hue, as a name and the widest of the boxes that its clusters fill side by side; the largest first. */
  get regions() {
    const widest = new Map();
    let run = null;
    for (const { name, hue, box } of [...this.clusters].sort((one, other) => one.box[1] - other.box[1] || one.box[0] - other.box[0])) {
      const [x, y, width, height] = box;
      const goesOn = run && run.hue === hue && hue >= 0 && run.y === y;
      if (goesOn) Object.assign(run, { width: x + width - run.x, height: Math.max(run.height, height) });
      else run = { name: this.groups[hue] ?? name, hue, x, y, width, height };
      const key = hue < 0 ? name : hue;
      if (run.width > (widest.get(key)?.width ?? 0)) widest.set(key, run);
    }
    return [...widest.values()].sort((one, other) => other.width * other.height - one.width * one.height);
  }

  /** How many relations join each two clusters, as [one, other, count]. */
  get ties() {
    const counts = new Map();
    for (const { child, parent } of this.relations) {
      if (child.cluster === parent.cluster || child.cluster < 0 || parent.cluster < 0) continue;
      const key = [child.cluster, parent.cluster].sort((one, other) => one - other).join(" ");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts].map(([key, count]) => [...key.split(" ").map((at) => this.clusters[at]), count]);
  }
}
