"""A scored corpus, as `sorot score` wrote it, as tables of a database in memory."""
