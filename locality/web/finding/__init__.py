"""Finding people who may need more support, and what is answered of each."""
