"""Text: encodings, language, dates, sentences, token windows."""
