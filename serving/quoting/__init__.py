"""Quotes of whole inputs: the command `sorot quotes`, with the model or by the rules alone."""
