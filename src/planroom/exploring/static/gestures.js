// The pointer on the map: dragging and two fingers move and zoom, the wheel zooms, a click opens.

const STILL = 5; // px: a pointer that moved less has clicked
const NOTCH = 0.0022;

export function listen(canvas, camera, { clicked, hovered }) {
  const down = new Map();
  let moved = 0;

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, point(event));
    moved = down.size > 1 ? STILL : 0;
  });

  canvas.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return hovered(event.offsetX, event.offsetY, event.pointerType === "mouse");
    const now = point(event);
    moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (down.size === 1 && moved > STILL) {
      canvas.classList.add("dragging");
      camera.pan(now.x - before.x, now.y - before.y);
    } else if (down.size === 2) pinch(event.pointerId, before, now);
    down.set(event.pointerId, now);
  });

  const up = (event) => {
    const clickedHere = down.delete(event.pointerId) && event.type === "pointerup" && !down.size && moved < STILL;
    if (!down.size) canvas.classList.remove("dragging");
    if (clickedHere) clicked(event.offsetX, event.offsetY);
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => hovered(-1, -1, true));

  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) camera.pan(-(event.deltaX || event.deltaY), 0);
    else camera.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 5 : 1) * (event.deltaMode ? 20 : 1) * NOTCH), event.offsetX, event.offsetY);
  }, { passive: false });

  function pinch(id, before, now) {
    const [other] = [...down].filter(([each]) => each !== id).map(([, at]) => at);
    const apart = (at) => Math.max(1, Math.hypot(at.x - other.x, at.y - other.y));
    camera.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    camera.zoom(apart(now) / apart(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
  }
}

function point(event) {
  return { x: event.offsetX, y: event.offsetY };
}
