"""Finds quotes and who said them."""
