"""What people read, in both languages: numbers, and sentences about tasks and labels."""
