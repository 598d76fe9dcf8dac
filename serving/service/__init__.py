"""The service: one process that answers programs under /v1 and people with the page."""
