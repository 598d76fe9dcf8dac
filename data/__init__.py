"""Articles and labels: reading, cleaning, text, taxonomy. Imports neither `training` nor `serving`."""
