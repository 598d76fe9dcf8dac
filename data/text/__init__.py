"""Text itself: encodings, language, sentences, token windows."""
