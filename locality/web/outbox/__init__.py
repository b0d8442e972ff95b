"""What leaves: writing it, the list of it, one message with what became of it, a letter on paper."""
