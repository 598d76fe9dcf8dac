// Without a topic the stance is the labels' fixed one; with a topic again it is the one from before, or is to be chosen.
// Here and not on the server: a late reply must not take back what was clicked meanwhile.
(topics, stance, sitting) => {
  const bare = topics.length === 0;
  if (!sitting?.none || bare === sitting.bare) return [stance, sitting];
  if (bare) return [sitting.none, { ...sitting, bare, kept: stance }];
  return [stance === sitting.none ? sitting.kept : stance, { ...sitting, bare, kept: null }];
}
