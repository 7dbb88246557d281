// Ways and signs on canvas; they look like those in planroom's drawings.

const CORNER = 6;
const FOOT = 11, SPREAD = 5, BAR = 4.2, RING = 3.2;
const HEADER = 28, ROW = 20;

/** The height at which a relation ends: the middle of a column's row, else of the header. */
export function endHeight(box, row) {
  return row === undefined || row < 0 ? box.y + Math.min(box.height, HEADER) / 2 : box.y + HEADER + ROW * (row + 0.5);
}

/** The way that planroom found, from the parent to the child: level and upright legs by turns, with rounded corners. */
export function foundWay(steps) {
  const points = [{ x: steps[0], y: steps[1] }];
  steps.slice(2).forEach((step, at) => {
    const { x, y } = points.at(-1);
    points.push(at % 2 ? { x, y: y + step } : { x: x + step, y });
  });
  const path = new Path2D();
  path.moveTo(points[0].x, points[0].y);
  for (let at = 1; at < points.length - 1; at++) {
    const before = points[at - 1], corner = points[at], after = points[at + 1];
    const room = Math.min(distance(before, corner), distance(corner, after)) / 2;
    path.arcTo(corner.x, corner.y, after.x, after.y, Math.min(CORNER, room));
  }
  const last = points.at(-1);
  path.lineTo(last.x, last.y);
  const second = points[1], nearly = points.at(-2);
  return {
    path,
    bounds: around(points),
    from: { ...points[0], outward: Math.sign(second.x - points[0].x) || 1 },
    to: { ...last, outward: Math.sign(nearly.x - last.x) || -1 },
  };
}

/** A curve from one box to another that leaves and arrives level. */
export function curvedWay(parentBox, parentRow, childBox, childRow) {
  const y1 = endHeight(parentBox, parentRow), y2 = endHeight(childBox, childRow);
  let side1 = 1, side2 = -1;
  if (childBox.x + childBox.width < parentBox.x) [side1, side2] = [-1, 1];
  else if (childBox.x < parentBox.x + parentBox.width) side2 = 1;
  const x1 = side1 > 0 ? parentBox.x + parentBox.width : parentBox.x;
  const x2 = side2 > 0 ? childBox.x + childBox.width : childBox.x;
  const bend = Math.max(40, Math.min(320, Math.abs(x2 - x1) / 2 + Math.abs(y2 - y1) / 8));
  const path = new Path2D();
  path.moveTo(x1, y1);
  path.bezierCurveTo(x1 + side1 * bend, y1, x2 + side2 * bend, y2, x2, y2);
  const points = [{ x: x1, y: y1 }, { x: x1 + side1 * bend, y: y1 }, { x: x2 + side2 * bend, y: y2 }, { x: x2, y: y2 }];
  return { path, bounds: around(points), from: { x: x1, y: y1, outward: side1 }, to: { x: x2, y: y2, outward: side2 } };
}

function distance(one, other) {
  return Math.abs(one.x - other.x) + Math.abs(one.y - other.y);
}

function around(points) {
  const xs = points.map((point) => point.x), ys = points.map((point) => point.y);
  const x = Math.min(...xs), y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** The sign at the end of a relation: the most that there may be next to the box, the least further out. */
export function drawEnd(context, name, { x, y, outward }, paper) {
  const many = name.endsWith("more"), least = name.startsWith("zero");
  if (!name) return;
  context.beginPath();
  if (name === "inherits from") {
    context.moveTo(x, y);
    context.lineTo(x + outward * FOOT, y - 5.5);
    context.lineTo(x + outward * FOOT, y + 5.5);
    context.closePath();
    context.fillStyle = paper;
    context.fill();
    context.stroke();
    return;
  }
  const heel = x + outward * FOOT;
  if (many) {
    context.moveTo(x, y - SPREAD);
    context.lineTo(heel, y);
    context.lineTo(x, y + SPREAD);
  } else bar(context, x + outward * 7, y);
  if (!least) bar(context, x + outward * (many ? 15 : 11.5), y);
  context.stroke();
  if (!least) return;
  context.beginPath();
  context.arc(x + outward * ((many ? FOOT : 8) + RING), y, RING, 0, 2 * Math.PI);
  context.fillStyle = paper;
  context.fill();
  context.stroke();
}

function bar(context, x, y) {
  context.moveTo(x, y - BAR);
  context.lineTo(x, y + BAR);
}

export function drawKey(context, x, y, ink, paper) {
  context.strokeStyle = ink;
  context.lineWidth = 1.2;
  context.beginPath();
  context.arc(x - 3, y, 2.4, 0, 2 * Math.PI);
  context.fillStyle = paper;
  context.fill();
  context.stroke();
  context.beginPath();
  context.moveTo(x - 0.6, y);
  context.lineTo(x + 5.2, y);
  context.moveTo(x + 4.4, y);
  context.lineTo(x + 4.4, y + 2.8);
  context.moveTo(x + 1.8, y);
  context.lineTo(x + 1.8, y + 2.2);
  context.stroke();
}

export function drawShield(context, x, y, ink) {
  context.strokeStyle = ink;
  context.lineWidth = 1.2;
  context.beginPath();
  context.moveTo(x, y - 5);
  context.lineTo(x + 4, y - 3.6);
  context.lineTo(x + 4, y - 0.6);
  context.bezierCurveTo(x + 4, y + 2, x + 2.4, y + 3.6, x, y + 4.8);
  context.bezierCurveTo(x - 2.4, y + 3.6, x - 4, y + 2, x - 4, y - 0.6);
  context.lineTo(x - 4, y - 3.6);
  context.closePath();
  context.stroke();
}

export function drawRing(context, x, y, ink) {
  context.strokeStyle = ink;
  context.lineWidth = 1.1;
  context.beginPath();
  context.arc(x, y, 2.6, 0, 2 * Math.PI);
  context.stroke();
}
