// The whole plan in a corner, with the part that is seen; pointing at it goes there.

import { boxed } from "./map.js";

const WIDTH = 168, TALLEST = 130;

export class Minimap {
  constructor(canvas, map) {
    Object.assign(this, { canvas, map });
    const [width, height] = map.design.size;
    this.scale = Math.min(WIDTH / Math.max(1, width), TALLEST / Math.max(1, height));
    this.size = { width: Math.max(24, width * this.scale), height: Math.max(24, height * this.scale) };
    const go = (event) => {
      if (!event.buttons) return;
      const { camera } = map;
      camera.x = event.offsetX / this.scale - map.width / camera.scale / 2;
      camera.y = event.offsetY / this.scale - map.height / camera.scale / 2;
      camera.changed();
    };
    canvas.addEventListener("pointerdown", go);
    canvas.addEventListener("pointermove", go);
  }

  draw() {
    const { canvas, map, scale, size } = this;
    const { camera, colours, state, design } = map;
    const ratio = devicePixelRatio || 1;
    const all = camera.x <= 0 && camera.y <= 0 && camera.x + map.width / camera.scale >= design.size[0] && camera.y + map.height / camera.scale >= design.size[1];
    canvas.hidden = all || Boolean(state.boxes);
    if (canvas.hidden) return;
    canvas.width = size.width * ratio;
    canvas.height = size.height * ratio;
    canvas.style.width = `${size.width}px`;
    canvas.style.height = `${size.height}px`;
    const context = canvas.getContext("2d");
    context.scale(ratio * scale, ratio * scale);
    for (const cluster of design.clusters) {
      if (!state.showsCluster(cluster)) continue;
      const box = boxed(cluster.box);
      context.fillStyle = colours.fill(cluster.hue);
      context.fillRect(box.x, box.y, box.width, box.height);
    }
    context.strokeStyle = colours.accent;
    context.lineWidth = 1.5 / scale;
    context.strokeRect(camera.x, camera.y, map.width / camera.scale, map.height / camera.scale);
  }
}
