"""The process that serves API and page: commands, application, server, tokens, middleware."""
