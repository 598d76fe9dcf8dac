"""The charts of a report as SVG: they print, need no script, and differ by pattern as well as by colour."""
