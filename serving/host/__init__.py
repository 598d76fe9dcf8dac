"""The process around service and page: command, app, server, tokens, guards."""
