// The shortcuts of the review tab. They work while an article is shown there, and never where somebody types.
// They are handled before Gradio sees them: its check boxes toggle at Enter, so Ctrl+Enter would first
// change the one that was clicked last, and then save that.
const TYPING = "textarea, select, [contenteditable='true'], input:not([type=checkbox]):not([type=radio])";
const press = selector => document.querySelector(selector)?.click();
// A double click would save, skip or undo the next article too, unseen.
const DOUBLE_MS = 600;
let last = null;
const once = event => {
  if (!element.isConnected) {
    document.removeEventListener("click", once, true);
    return;
  }
  const button = event.target.closest?.("#review-confirm, #review-skip, #review-undo");
  const now = performance.now();
  if (button && button === last?.button && now - last.at < DOUBLE_MS) event.stopPropagation();
  last = { button, at: now };
};
document.addEventListener("click", once, true);
const listen = event => {
  if (!element.isConnected) {
    document.removeEventListener("keydown", listen, true);
    return;
  }
  if (event.repeat || element.offsetParent === null) return;
  // Who has written a note goes on from there.
  const saves = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest?.("#review-note");
  if (event.target.closest?.(TYPING) && !saves) return;
  const key = /^(?:Digit|Numpad|Key)([0-9A-Z])$/.exec(event.code)?.[1];
  const label = key ? element.querySelector("[data-keys]").dataset.keys.indexOf(key) : -1;
  const alone = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey) press("#review-confirm");
  else if (alone && event.code === "KeyS") press("#review-skip");
  else if (alone && event.code === "KeyZ") press("#review-undo");
  else if (alone && key === "F") press("#review-flag input");
  else if (alone && key === "N") document.querySelector("#review-note textarea")?.focus();
  else if (alone && key === "E") press(".review-mark");
  else if (alone && key === "K") press(".review-quote");
  else if (alone && label >= 0) document.querySelectorAll(".review-numbered input")[label]?.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
};
document.addEventListener("keydown", listen, true);
