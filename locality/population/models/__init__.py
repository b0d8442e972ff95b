"""Refresh: each run that made the analytical copy, and what became of every resource that it read."""

from locality.population.models.refresh import Refresh

__all__ = ["Refresh"]
