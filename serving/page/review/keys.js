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
  if (event.repeat || element.offsetParent === null || event.target.closest?.(TYPING)) return;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
  const alone = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey) press("#review-confirm");
  else if (alone && event.code === "KeyS") press("#review-skip");
  else if (alone && event.code === "KeyZ") press("#review-undo");
  else if (alone && digit) document.querySelectorAll(".review-numbered input")[(Number(digit[1]) + 9) % 10]?.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
};
document.addEventListener("keydown", listen, true);
