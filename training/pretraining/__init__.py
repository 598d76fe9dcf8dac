"""Continued pretraining by masked language modelling."""
