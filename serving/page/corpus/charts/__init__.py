"""Charts of what the filters leave, as Vega-Lite specifications."""
