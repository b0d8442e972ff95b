"""Who the viewer is, whom they may know, and the predicate that every guarded query starts from."""

from locality.access.queries.acting import acts_for, known_as, proxies_of, said_to_act_for
from locality.access.queries.granted import (
    Grant,
    SealedBy,
    redacts,
    rows_of,
    tells_of_more,
    told_of,
    visible,
    withheld,
)
from locality.access.queries.involved import Involved, involved
from locality.access.queries.knowing import (
    NOBODY,
    classes_of_own,
    ever_related,
    openable,
    visible_ids,
    visible_of_own,
    visible_people,
)
from locality.access.queries.marked import (
    Marks,
    conflicts,
    marks,
    objection_intakes,
    objections_of,
    opted_out,
    rejections,
    sealed_things,
    watched,
)
from locality.access.queries.mine import MyAccess, my_access
from locality.access.queries.overrides import Pace, override, overrides_of, pace_by_team, to_review
from locality.access.queries.standing import Standing, standing
from locality.access.queries.viewers import ActsNoLonger, account, roles_today, viewer, viewer_as_person

__all__ = [
    "NOBODY",
    "ActsNoLonger",
    "Grant",
    "Involved",
    "Marks",
    "MyAccess",
    "Pace",
    "SealedBy",
    "Standing",
    "account",
    "acts_for",
    "classes_of_own",
    "conflicts",
    "ever_related",
    "involved",
    "known_as",
    "marks",
    "my_access",
    "objection_intakes",
    "objections_of",
    "openable",
    "opted_out",
    "override",
    "overrides_of",
    "pace_by_team",
    "proxies_of",
    "redacts",
    "rejections",
    "roles_today",
    "rows_of",
    "said_to_act_for",
    "sealed_things",
    "standing",
    "to_review",
    "tells_of_more",
    "told_of",
    "viewer",
    "viewer_as_person",
    "visible",
    "visible_ids",
    "visible_of_own",
    "visible_people",
    "watched",
    "withheld",
]
