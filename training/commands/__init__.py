"""The commands that training adds to `sorot`."""
