"""What was decided of showing lines to the person whom they are about."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from locality.access.models import Release
from locality.access.queries.granted import Grant
from locality.access.queries.whom import whoever
from locality.access.rules import ReleaseVerdict

OVERRIDDEN = "You broke the glass to open this record: it is to be read, and nothing is decided in it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision that stands: of which line and version, what, by whom, when and why."""

    id: UUID
    thing: UUID
    version: UUID
    verdict: str
    others_words: str
    harm_words: str
    reason: str
    at: datetime
    by_name: str


def decisions(grant: Grant) -> list[Decided]:
    """Every decision that stands for this person, the latest first: for whoever may decide."""
    rows = list(Release.objects.filter(person__in=grant.person_ids, ended_at=None).order_by("-made_at", "id"))
    names = whoever({row.made_by for row in rows}) if rows else {}
    return [
        Decided(
            id=row.pk,
            thing=row.thing,
            version=row.version_id,
            verdict=row.verdict,
            others_words=row.others_words,
            harm_words=row.harm_words,
            reason=row.reason,
            at=row.made_at,
            by_name=names.get(row.made_by, "Somebody who has left"),
        )
        for row in rows
    ]


def things_released(grant: Grant) -> set[UUID]:
    """The lines of which a version was released to the person who looks; no query where none was."""
    if not grant.released:
        return set()
    rows = Release.objects.filter(version_id__in=grant.released, person__in=grant.person_ids, ended_at=None)
    return set(rows.filter(verdict=ReleaseVerdict.RELEASED).values_list("thing", flat=True))
