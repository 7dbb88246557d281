// What lies within a few relations of a table, arranged for itself: what it refers to on the left, what refers to it on the right.

const GAP = 40;
const COLUMN_GAP = 150;
const ASPECT = 1.5; // width over height that the whole should have

/** Return the box of each table within `hops` relations of the centre. */
export function neighbourhood(centre, hops) {
  const columns = new Map([[0, [centre]]]);
  const side = new Map([[centre, 0]]);
  let edge = [centre];
  for (let hop = 1; hop <= hops; hop++) {
    const next = [];
    for (const table of edge) {
      for (const relation of [...table.out, ...table.into]) {
        const other = relation.child === table ? relation.parent : relation.child;
        if (side.has(other)) continue;
        const own = side.get(table);
        const at = own === 0 ? (relation.child === table ? -1 : 1) : own + Math.sign(own);
        side.set(other, at);
        columns.set(at, [...(columns.get(at) ?? []), other]);
        next.push(other);
      }
    }
    edge = next;
  }
  return placed(columns);
}

function placed(columns) {
  const boxes = new Map();
  const tallest = fairHeight([...columns.values()].flat());
  const middle = columns.get(0)[0].box;
  set(boxes, [columns.get(0)[0]], -middle.width / 2);
  for (const direction of [-1, 1]) {
    let x = (direction * middle.width) / 2;
    for (let at = direction; columns.has(at); at += direction) {
      for (const stack of stacks(columns.get(at), tallest)) {
        const width = Math.max(...stack.map((table) => table.box.width));
        x += direction * COLUMN_GAP;
        set(boxes, stack, direction < 0 ? x - width : x);
        x += direction * width;
      }
    }
  }
  return boxes;
}

/** The height of a column with which all tables fill a sheet of the right shape. */
function fairHeight(tables) {
  const area = tables.reduce((sum, { box }) => sum + (box.width + COLUMN_GAP) * (box.height + GAP), 0);
  return Math.max(Math.sqrt(area / ASPECT), ...tables.map(({ box }) => box.height));
}

/** Split a column that would be endless. */
function stacks(tables, tallest) {
  const height = tables.reduce((sum, table) => sum + table.box.height + GAP, 0);
  const count = Math.ceil(height / tallest);
  const fair = height / count;
  const made = Array.from({ length: count }, () => []);
  let done = 0;
  for (const table of tables) {
    made[Math.min(count - 1, Math.floor(done / fair))].push(table);
    done += table.box.height + GAP;
  }
  return made.filter((stack) => stack.length);
}

function set(boxes, stack, x) {
  const height = stack.reduce((sum, table) => sum + table.box.height, 0) + GAP * (stack.length - 1);
  let y = -height / 2;
  for (const table of stack) {
    boxes.set(table, { x, y, width: table.box.width, height: table.box.height });
    y += table.box.height + GAP;
  }
}
