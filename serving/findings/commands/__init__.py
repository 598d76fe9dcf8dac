"""The commands over a scored corpus; heavy modules are imported when a command needs them."""
