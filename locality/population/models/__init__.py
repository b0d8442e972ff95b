"""Refresh: each run that made the analytical copy, and what became of every resource that it read.

Finding: criteria, runs, people on lists, why they are there, and what was answered.

Picture: what was told of the neighbourhoods, month by month.
"""

from locality.population.models.finding import CaseFindingRun, CriterionVersion, Found, FoundReason, Review
from locality.population.models.picture import Picture
from locality.population.models.refresh import Refresh

__all__ = ["CaseFindingRun", "CriterionVersion", "Found", "FoundReason", "Picture", "Refresh", "Review"]
