"""Knowledge distillation: soft labels on unlabelled articles, and shorter encoders."""
