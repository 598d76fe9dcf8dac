"""Extracts the article from scraped text: body, title, outlet, date and place."""
