"""What an article is, and what a label is. Imports neither `training` nor `serving`."""
