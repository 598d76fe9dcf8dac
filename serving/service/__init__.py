"""The JSON API under /v1: routes, schemas, queue, batching, metrics, and the tool for assistants."""
