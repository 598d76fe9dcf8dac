"""What the tabs share: words, verdict, marked text, errors, uploads."""
