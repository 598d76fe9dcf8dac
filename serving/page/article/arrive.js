// After Analyse the result is in view, also where it stands below the text.
() => requestAnimationFrame(() => {
  const verdict = document.querySelector("#verdict"), { top } = verdict.getBoundingClientRect();
  if (top > innerHeight * 0.5 || top < 0) verdict.scrollIntoView({ block: "start" });
})
