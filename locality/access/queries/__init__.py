"""Who the viewer is, whom they may know, and the predicate that every guarded query starts from."""

from locality.access.queries.granted import Grant, SealedBy, asked_for, redacts, rows_of, told_of, visible, withheld
from locality.access.queries.involved import Involved, involved
from locality.access.queries.knowing import last_looks, openable, overrides_of, visible_of_own, visible_people
from locality.access.queries.standing import Standing, standing
from locality.access.queries.viewers import account, roles_today, viewer

__all__ = [
    "Grant",
    "Involved",
    "SealedBy",
    "Standing",
    "account",
    "asked_for",
    "involved",
    "last_looks",
    "openable",
    "overrides_of",
    "redacts",
    "roles_today",
    "rows_of",
    "standing",
    "told_of",
    "viewer",
    "visible",
    "visible_of_own",
    "visible_people",
    "withheld",
]
