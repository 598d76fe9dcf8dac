"""Names of people and of institutions: the model that finds the one, the table that lists the other."""
