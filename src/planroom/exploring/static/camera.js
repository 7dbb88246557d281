// Which part of the plan is seen: its point at the top left of the stage, and how many pixels a unit takes.

const SMALLEST = 0.004, LARGEST = 3;
const FLIGHT = 260; // ms
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Camera {
  x = 0;
  y = 0;
  scale = 1;
  #flight = 0;
  #goal = null;

  /** `changed()` draws anew; `steered()` is told when a hand, not the page, moves it. */
  constructor(changed, steered) {
    this.changed = changed;
    this.steered = steered;
  }

  toPlan(x, y) {
    return { x: this.x + x / this.scale, y: this.y + y / this.scale };
  }

  pan(dx, dy) {
    this.#land();
    this.steered();
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
    this.changed();
  }

  /** Zoom so that the point under (x, y) stays where it is. */
  zoom(factor, x, y) {
    this.#land();
    this.steered();
    const before = this.toPlan(x, y);
    this.scale = Math.min(LARGEST, Math.max(SMALLEST, this.scale * factor));
    const after = this.toPlan(x, y);
    this.x += before.x - after.x;
    this.y += before.y - after.y;
    this.changed();
  }

  /** Show a box of the plan in the middle of a stage of this size. */
  show(box, width, height, { most = 1, margin = 40, fly = true } = {}) {
    const scale = Math.min(most, LARGEST, Math.max(SMALLEST, Math.min((width - 2 * margin) / box.width, (height - 2 * margin) / box.height)));
    const to = {
      scale,
      x: box.x + box.width / 2 - width / scale / 2,
      y: box.y + box.height / 2 - height / scale / 2,
    };
    if (fly && !still.matches) this.#fly(to, width, height);
    else this.#put(to);
  }

  #put(to) {
    this.#land();
    Object.assign(this, to);
    this.changed();
  }

  #land() {
    cancelAnimationFrame(this.#flight);
    this.#goal = null;
  }

  /** Be at once where a flight leads to. */
  settle() {
    if (this.#goal) this.#put(this.#goal);
  }

  #fly(to, width, height) {
    this.#land();
    this.#goal = to;
    const from = { scale: this.scale, x: this.x + width / this.scale / 2, y: this.y + height / this.scale / 2 };
    const goal = { x: to.x + width / to.scale / 2, y: to.y + height / to.scale / 2 };
    const start = performance.now();
    const step = (now) => {
      const passed = Math.min(1, Math.max(0, (now - start) / FLIGHT));
      const share = 1 - (1 - passed) ** 3;
      this.scale = from.scale * (to.scale / from.scale) ** share;
      this.x = from.x + (goal.x - from.x) * share - width / this.scale / 2;
      this.y = from.y + (goal.y - from.y) * share - height / this.scale / 2;
      if (passed === 1) return this.#put(to);
      this.#flight = requestAnimationFrame(step);
      this.changed();
    };
    this.#flight = requestAnimationFrame(step);
  }
}
