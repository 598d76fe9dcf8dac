// A task with a default has it while the task it depends on has no label; with a label again it has the earlier choice, or none.
// This runs in the browser: a late reply of the server must not undo what was clicked meanwhile.
(labels, session) => {
  if (!session) return [labels, session];
  const now = [...labels], bare = [...session.bare], kept = [...session.kept];
  for (const { task, without, label } of session.defaults) {
    const empty = now[without].length === 0;
    if (empty === bare[task]) continue;
    if (empty) {
      kept[task] = now[task];
      now[task] = label;
    } else {
      if (now[task] === label) now[task] = kept[task];
      kept[task] = null;
    }
    bare[task] = empty;
  }
  return [now, { ...session, bare, kept }];
}
