"""How shares are estimated: from the model's error matrix, or from a sample that people labelled."""
