"""What was written while two people were one, and waits for somebody to say whose it is.

No line of a record is opened for it: only who sent the line that a remark is about, and with whom it lies now. What
the remark says is told to nobody but whoever said it: the identity custodian reads no record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from locality.access import wall
from locality.access.rules import RoleCode
from locality.base import Viewer, ViewerKind
from locality.people.queries.review import APART


class Side(StrEnum):
    """With whom something is placed when two people have been parted."""

    KEPT = "kept"
    PARTED = "parted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One of the two people, as much as tells them apart."""

    id: UUID
    family: str
    given: str
    birth_year: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPlace:
    """One remark that waits; `lies_with` is who has the line now that it is about, None where neither has."""

    remark: UUID
    merge: UUID
    kept: Named
    parted: Named
    parted_at: datetime
    said_at: datetime
    said_by_name: str
    line_from: str
    lies_with: Side | None
    words: str


# A merge that was undone, and everybody who stood for the two while it held: a later merge may have made them
# another's alias for a time. What was written for those then may be either's.
SPANS = """
with recursive span (merge, person, since, until) as (
    select id, kept_id, merged_at, undone_at from people_merge where undone_at is not null
    union
    select span.merge, up.kept_id, greatest(span.since, up.merged_at), least(span.until, up.undone_at)
    from span join people_merge up on up.alias_id = span.person and up.merged_at < span.until
        and (up.undone_at is null or up.undone_at > span.since)
)
"""
# two of whom one was the other before are named together to nobody
# what was placed before, or went with somebody who has since been parted too, is not asked about again
WAITING = f"""
{SPANS}, {APART}
select distinct on (remark.said_at, remark.id, merge.id)
    remark.id, merge.id, merge.undone_at, remark.said_at, concat(speaker.given, ' ', speaker.family),
    coalesce(source.name, ''), line.person_id, remark.words, remark.said_by,
    kept.id, kept.family, kept.given, left(kept.birth_text, 4),
    parted.id, parted.family, parted.given, left(parted.birth_text, 4)
from span
join people_merge merge on merge.id = span.merge
join people_person was on was.id = merge.kept_id
join people_person kept on kept.id = coalesce(was.merged_into_id, was.id)
join people_person gone on gone.id = merge.alias_id
join people_person parted on parted.id = coalesce(gone.merged_into_id, gone.id)
join record_remark remark on remark.person_id = span.person and remark.withdrawn_at is null
    and remark.said_at >= span.since and remark.said_at < span.until
join people_person whose on whose.id = remark.person_id
left join directory_practitioner speaker on speaker.id = remark.said_by
left join lateral (
    select link.person_id, held.source_id from record_resource held
    join people_link link on link.patient_id = held.patient_id and link.ended_at is null
    where held.thing = remark.thing and held.is_current
) line on true
left join directory_source source on source.id = line.source_id
where coalesce(whose.merged_into_id, whose.id) = kept.id and kept.id <> parted.id
    and not exists (select from apart where apart.one in (kept.id, parted.id) and apart.other in (kept.id, parted.id))
    and not exists (
        select from people_placement placed
        where placed.merge_id = merge.id and placed.kind = 'remark' and placed.row = remark.id
    )
    and (%(everything)s or merge.undone_by = %(viewer)s or remark.said_by = %(viewer)s)
    and (%(remark)s::uuid is null or remark.id = %(remark)s)
order by remark.said_at, remark.id, merge.id
"""  # noqa: S608 -- only the step above stands in it


def to_place(*, viewer: Viewer, remark: UUID | None = None) -> list[ToPlace]:
    """What waits to be placed, oldest first: all of it for the identity custodian; for others, what they undid or said.

    One query.
    """
    if viewer.kind != ViewerKind.PRACTITIONER:
        return []
    asked: dict[str, Any] = {
        "viewer": viewer.id,
        "everything": viewer.role == RoleCode.IDENTITY_CUSTODIAN,
        "remark": remark,
    }
    with wall.down(), connection.cursor() as cursor:
        cursor.execute(WAITING, asked)
        return [_to_place(columns, viewer) for columns in cursor]


def _to_place(columns: Sequence, viewer: Viewer) -> ToPlace:
    remark, merge, parted_at, said_at, name, line_from, with_whom, words, said_by, *two = columns
    kept, parted = (Named(id=pk, family=f, given=g, birth_year=y) for pk, f, g, y in (two[:4], two[4:]))
    return ToPlace(
        remark=remark,
        merge=merge,
        kept=kept,
        parted=parted,
        parted_at=parted_at,
        said_at=said_at,
        said_by_name=name.strip(),
        line_from=line_from,
        lies_with={kept.id: Side.KEPT, parted.id: Side.PARTED}.get(with_whom),
        words=words if said_by == viewer.id else "",
    )
