"""The page: an article in, its labels and the sentences that show them."""
