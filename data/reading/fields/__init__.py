"""Values of fields: markup, placeholders and outlets."""
