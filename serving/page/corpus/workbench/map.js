// The map of articles on a canvas: thousands of points stay quick. A point is opened by a click, several are taken by a loop
// drawn around them. Gradio gives this code `element`, its own part of the page, and `watch`.
const RADIUS = 4.5, NEAR = 12, EDGE = 12, HEIGHT = 420, GREY = "#94a3b8";
let points = [], looks = [], loop = null, canvas = null, said = null;
const at = ([, x, y]) => [EDGE + x * (canvas.clientWidth - 2 * EDGE) / 1000, EDGE + y * (canvas.clientHeight - 2 * EDGE) / 1000];

const SHAPES = {
  "■": (c, x, y, r) => c.rect(x - r, y - r, 2 * r, 2 * r),
  "▲": (c, x, y, r) => { c.moveTo(x, y - r); c.lineTo(x + r, y + r); c.lineTo(x - r, y + r); c.closePath(); },
  "◆": (c, x, y, r) => { c.moveTo(x, y - r); c.lineTo(x + r, y); c.lineTo(x, y + r); c.lineTo(x - r, y); c.closePath(); },
  "▼": (c, x, y, r) => { c.moveTo(x, y + r); c.lineTo(x + r, y - r); c.lineTo(x - r, y - r); c.closePath(); },
};
const FILLED = { "□": "■", "△": "▲", "◇": "◆", "▽": "▼" };

function draw() {
  if (!canvas?.clientWidth) return;
  const scale = devicePixelRatio || 1, c = canvas.getContext("2d");
  [canvas.width, canvas.height] = [canvas.clientWidth * scale, canvas.clientHeight * scale];
  c.scale(scale, scale);
  c.globalAlpha = points.length > 1500 ? 0.6 : 0.85;
  for (const point of points) {
    const [x, y] = at(point), [colour, sign] = looks[point[3]] ?? [GREY, "●"];
    c.beginPath();
    const shape = SHAPES[FILLED[sign] ?? sign];
    if (shape) shape(c, x, y, RADIUS); else c.arc(x, y, RADIUS, 0, 7);
    c.fillStyle = c.strokeStyle = colour;
    if (FILLED[sign] || sign === "○") { c.lineWidth = 2; c.stroke(); } else c.fill();
  }
  if (loop?.length > 1) {
    c.globalAlpha = 1;
    c.beginPath();
    loop.forEach(([x, y], k) => k ? c.lineTo(x, y) : c.moveTo(x, y));
    c.closePath();
    c.fillStyle = "rgba(15, 118, 110, .15)";
    c.strokeStyle = "#0f766e";
    c.lineWidth = 1.5;
    c.fill();
    c.stroke();
  }
}
function nearest([px, py]) {
  let best = null, least = NEAR * NEAR;
  for (const point of points) {
    const [x, y] = at(point), d = (x - px) ** 2 + (y - py) ** 2;
    if (d < least) [best, least] = [point, d];
  }
  return best;
}
function within([x, y], polygon) {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i], [xj, yj] = polygon[j];
    if (yi > y !== yj > y && x < (xj - xi) * (y - yi) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
const tell = detail => canvas.dispatchEvent(new CustomEvent("article-map", { bubbles: true, detail }));
const where = event => [event.offsetX, event.offsetY];
const wide = polygon => Math.max(...[0, 1].map(k => Math.max(...polygon.map(p => p[k])) - Math.min(...polygon.map(p => p[k]))));

function start() {
  const map = element.querySelector(".article-map");
  if (!map || map.querySelector("canvas") === canvas) return;
  [canvas, said] = [map.querySelector("canvas"), map.querySelector("output")];
  points = JSON.parse(map.dataset.points);
  looks = JSON.parse(map.dataset.looks);
  canvas.style.height = `${HEIGHT}px`;
  new ResizeObserver(draw).observe(canvas);
  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId);
    loop = [where(event)];
  });
  canvas.addEventListener("pointermove", event => {
    if (loop) {
      loop.push(where(event));
      return draw();
    }
    const point = nearest(where(event));
    canvas.style.cursor = point ? "pointer" : "crosshair";
    said.hidden = !point;
    if (!point) return;
    said.textContent = [point[4], point[5]].filter(Boolean).join(" · ");
    const [x, y] = at(point);
    said.style.left = `${Math.max(0, Math.min(x, canvas.clientWidth - 260))}px`;
    said.style.top = `${y + 14}px`;
  });
  canvas.addEventListener("pointerup", event => {
    const polygon = loop ?? [];
    loop = null;
    if (polygon.length > 3 && wide(polygon) > 8) {
      const places = points.filter(point => within(at(point), polygon)).map(point => point[0]);
      if (places.length) tell({ places });
    } else {
      const point = nearest(where(event));
      if (point) tell({ place: point[0] });
    }
    draw();
  });
  canvas.addEventListener("pointerleave", () => { said.hidden = true; });
  draw();
}
watch("value", start);
start();
