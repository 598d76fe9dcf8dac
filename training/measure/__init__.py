"""Evaluation: metrics, baselines, slices, checks, reports."""
