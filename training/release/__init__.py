"""Releases: gate, registry, promotion, model card."""
