// Scrolls to the top of the tab; after a new article, the keyboard focus moves to its first sentence.
session => requestAnimationFrame(() => {
  document.querySelector("#review-head")?.scrollIntoView({ block: "start" });
  const shown = `${session?.person} ${session?.number}`;
  const kept = document.querySelector("#review-keeps");
  if (kept.dataset.shown === shown) return;
  kept.dataset.shown = shown;
  const places = document.querySelectorAll("#review-sentences input, #review-again, #review-name :is(input, textarea)");
  [...places].find(place => place.offsetParent !== null)?.focus({ preventScroll: true });
})
