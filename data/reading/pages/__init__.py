"""What a web page says about itself: its kind, title, outlet, date, and where its article stands."""
