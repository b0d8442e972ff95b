"""A team at work: who is in it, and whom it looks after."""
