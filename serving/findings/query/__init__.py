"""`sorot query`: SQL over a scored corpus."""
