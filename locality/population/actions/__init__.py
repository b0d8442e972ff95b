"""Refreshing the analytical copy, telling the place's picture from it, and going back from it to people."""

from locality.population.actions.going_back import go_back
from locality.population.actions.picture import draw_picture
from locality.population.actions.refresh import refresh

__all__ = ["draw_picture", "go_back", "refresh"]
