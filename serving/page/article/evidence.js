// A chip of the verdict marks the sentences that show its label; the rest of the text is dim. Pressed again, all is plain.
// Gradio gives this code `element`, its own part of the page.
const root = () => document.querySelector("#article-result");
const show = choice => {
  const text = root().querySelector(".marked-text");
  root().querySelectorAll("[data-evidence]").forEach(chip => {
    const on = chip.dataset.evidence === choice;
    chip.setAttribute("aria-pressed", on);
    if (on) root().style.setProperty("--shown", chip.style.getPropertyValue("--label"));
  });
  text.classList.toggle("dim", choice !== "");
  text.querySelectorAll(".shows").forEach(part => part.classList.toggle("on", part.dataset.for.split(" ").includes(choice)));
  text.querySelectorAll("[data-share]").forEach(share => { share.hidden = share.dataset.share !== choice; });
};
const listen = event => {
  if (!element.isConnected) return document.removeEventListener("click", listen);
  const chip = event.target.closest?.("#article-result [data-evidence]");
  if (chip) show(chip.getAttribute("aria-pressed") === "true" ? "" : chip.dataset.evidence);
};
document.addEventListener("click", listen);
// A new result has the colour of its first label.
new MutationObserver(() => {
  const pressed = root()?.querySelector("[data-evidence][aria-pressed=true]");
  if (pressed) root().style.setProperty("--shown", pressed.style.getPropertyValue("--label"));
}).observe(root(), { childList: true, subtree: true });
