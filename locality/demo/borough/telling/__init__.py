"""What sources tell of people's lives: one file a source, and what they share."""
