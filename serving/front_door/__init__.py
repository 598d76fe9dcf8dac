"""What `import sorot` offers: models, articles and tables, for scripts and notebooks."""
