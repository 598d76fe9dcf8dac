"""What is trained: encoder, deep part, linear part, fine-tuning."""
