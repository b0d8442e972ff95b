"""Refreshing the analytical copy, and going back from it to people."""

from locality.population.actions.going_back import go_back
from locality.population.actions.refresh import refresh

__all__ = ["go_back", "refresh"]
