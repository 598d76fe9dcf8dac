// What a click in the workbench asks for goes to the server from here: a bar, a row, a word, a button of the article.
// Gradio gives this code `element`, its own part of the page, and `trigger`.
const inside = target => target instanceof Element && target.closest("#corpus-workbench");
const live = handler => {
  const listen = event => {
    if (!element.isConnected) document.removeEventListener(event.type, listen, true);
    else if (inside(event.target)) handler(event);
  };
  return listen;
};

// A bar or point of a chart carries its filters in the datum that Vega binds to it.
const goOf = target => target.__data__?.datum?.go;

document.addEventListener("click", live(event => {
  const go = goOf(event.target);
  if (go) return trigger("narrow", { go });
  const button = event.target.closest("button");
  if (!button) return;
  const { open, send, place, evidence, exportAs } = button.dataset;
  if (button.dataset.go) trigger("narrow", { go: JSON.parse(button.dataset.go) });
  else if (open) trigger("read", { place: Number(open) });
  else if (send) trigger("send", { to: send, place: Number(place) });
  else if (evidence) showEvidence(button.closest(".reader"), evidence);
  else if (exportAs) exportChart(exportAs);
}), true);

document.addEventListener("article-map", live(event => {
  const { places, place } = event.detail;
  if (places) trigger("pick", { places });
  else trigger("read", { place });
}), true);

// The sentences that show one label are marked, the rest stays.
function showEvidence(reader, choice) {
  const shown = reader.dataset.shown === choice ? "" : choice;
  reader.dataset.shown = shown;
  mark(reader);
}
function mark(reader) {
  const shown = reader.dataset.shown;
  reader.querySelectorAll("[data-evidence]").forEach(chip => {
    const on = chip.dataset.evidence === shown;
    chip.setAttribute("aria-pressed", on);
    if (on) reader.style.setProperty("--shown", chip.style.getPropertyValue("--label"));
  });
  reader.querySelectorAll(".shows").forEach(part => {
    part.classList.toggle("on", part.dataset.for.split(" ").includes(shown));
  });
}
// A new article: its first label's sentences are marked, and a keyboard or a telephone is brought to it.
let last = null;
new MutationObserver(() => {
  const reader = document.querySelector("#corpus-reader .reader");
  if (!reader || reader === last) return;
  const first = last === null;
  last = reader;
  mark(reader);
  const box = reader.getBoundingClientRect();
  const away = box.top > innerHeight * 0.6 || box.bottom < 80;
  if (!first || document.activeElement?.closest("#corpus-workbench")) reader.querySelector("h3").focus({ preventScroll: true });
  if (away) reader.scrollIntoView({ block: "start" });
}).observe(document.querySelector("#corpus-workbench") ?? document.body, { childList: true, subtree: true });

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
// A chart as a file of its own: black on white, with the patterns that the page defines.
function chartSvg(drawn) {
  const copy = drawn.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("color", "#111");
  copy.style.background = "#fff";
  const defs = document.querySelector(".label-patterns defs");
  if (defs) copy.prepend(defs.cloneNode(true));
  const back = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of [["width", "100%"], ["height", "100%"], ["fill", "#fff"]]) back.setAttribute(name, value);
  copy.prepend(back);
  return new XMLSerializer().serializeToString(copy);
}
function mapSvg(map) {
  const canvas = map.querySelector("canvas"), [w, h] = [canvas.clientWidth, canvas.clientHeight];
  const looks = JSON.parse(map.dataset.looks);
  const dots = JSON.parse(map.dataset.points).map(([, x, y, k]) =>
    `<circle cx="${12 + x * (w - 24) / 1000}" cy="${12 + y * (h - 24) / 1000}" r="4" fill="${looks[k]?.[0] ?? "#94a3b8"}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><rect width="100%" height="100%" fill="#fff"/>${dots.join("")}</svg>`;
}
function exportChart(form) {
  const drawn = [...document.querySelectorAll("#corpus-plot svg.marks")].find(svg => svg.getClientRects().length);
  const map = [...document.querySelectorAll("#corpus-figure .article-map")].find(part => part.getClientRects().length);
  if (!drawn && !map) return;
  const svg = drawn ? chartSvg(drawn) : mapSvg(map);
  if (form === "svg") return save(new Blob([svg], { type: "image/svg+xml" }), "sorot.svg");
  const { width, height } = (drawn ?? map.querySelector("canvas")).getBoundingClientRect();
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * width, 2 * height];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(blob => save(blob, "sorot.png"));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}
