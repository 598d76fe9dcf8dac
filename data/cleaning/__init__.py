"""From scraped text to the article: body, title, outlet, date, place."""
