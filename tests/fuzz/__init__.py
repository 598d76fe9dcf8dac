"""Random bytes against readers, cleaning, service bodies and bundles."""
