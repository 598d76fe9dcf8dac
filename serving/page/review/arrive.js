// The top of the tab comes into view, and where another article came, who works by keyboard goes on at its first sentence.
sitting => requestAnimationFrame(() => {
  document.querySelector("#review-head")?.scrollIntoView({ block: "start" });
  const shown = `${sitting?.person} ${sitting?.number}`;
  const kept = document.querySelector("#review-keeps");
  if (kept.dataset.shown === shown) return;
  kept.dataset.shown = shown;
  const places = document.querySelectorAll("#review-sentences input, #review-again, #review-name :is(input, textarea)");
  [...places].find(place => place.offsetParent !== null)?.focus({ preventScroll: true });
})
