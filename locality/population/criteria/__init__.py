"""Criteria as pack data: whom a place looks for, why, in which order, what it offers, and how many it can take on."""

from locality.population.criteria.reading import Criterion, Limit, Step, criterion_of, read_criteria

__all__ = ["Criterion", "Limit", "Step", "criterion_of", "read_criteria"]
