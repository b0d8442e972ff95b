"""What is to do: the list, one task, new ones, and the day pack."""
