// Text that is selected in the article becomes evidence or a quote; a title in the list of answers opens its article again.
// Gradio gives this code `element`, its own part of the page, and `trigger`.
const part = selector => document.querySelector(selector);
const selected = () => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  return part("#review-sentences")?.contains(range.commonAncestorContainer) ? range : null;
};
// The sentences that a selection touches, one at its edge only if a character of it is in.
const touched = range => [...document.querySelectorAll("#review-sentences label")].filter(label => {
  const own = document.createRange();
  own.selectNodeContents(label);
  return range.compareBoundaryPoints(Range.END_TO_START, own) < 0 && range.compareBoundaryPoints(Range.START_TO_END, own) > 0;
});
const mark = () => {
  const range = selected();
  if (!range) return;
  const boxes = touched(range).map(label => label.querySelector("input")).filter(box => !box.checked);
  getSelection().removeAllRanges();
  boxes.forEach(box => box.click());
};
const quote = () => {
  const range = selected();
  if (!range) return;
  // Between sentences there is no space in the page, only in the article.
  const text = touched(range).map(label => {
    const own = document.createRange();
    own.selectNodeContents(label);
    if (range.compareBoundaryPoints(Range.START_TO_START, own) > 0) own.setStart(range.startContainer, range.startOffset);
    if (range.compareBoundaryPoints(Range.END_TO_END, own) < 0) own.setEnd(range.endContainer, range.endOffset);
    return own.toString().trim();
  }).join(" ");
  getSelection().removeAllRanges();
  if (text.trim()) trigger("quote", { text });
};
const on = (type, handler) => {
  const listen = event => {
    if (element.isConnected) handler(event);
    else document.removeEventListener(type, listen, true);
  };
  document.addEventListener(type, listen, true);
};
on("selectionchange", () => {
  const none = !selected();
  element.querySelectorAll("button").forEach(button => { button.disabled = none; });
});
// The selection would go before the click comes.
on("pointerdown", event => { if (event.target.closest?.(".review-tools button")) event.preventDefault(); });
on("mousedown", event => { if (event.target.closest?.(".review-tools button")) event.preventDefault(); });
on("click", event => {
  const button = event.target.closest?.("button");
  if (!button) return;
  if (button.matches(".review-mark")) mark();
  else if (button.matches(".review-quote")) quote();
  else if (button.dataset.reopen) trigger("reopen", { article: Number(button.dataset.reopen) });
});
