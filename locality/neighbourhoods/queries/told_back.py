"""What the practice and the referrer are told of a support: in words, and in the shape of the standard."""

from dataclasses import dataclass
from typing import Any

from locality.access.models import Relationship
from locality.access.queries import Grant
from locality.access.queries.knowing import holds
from locality.access.rules import RelationKind
from locality.base import Viewer
from locality.base.periods import day_of
from locality.directory.models import Organisation
from locality.neighbourhoods.models import Support
from locality.neighbourhoods.rules import prescribing_message as rules
from locality.neighbourhoods.rules.needs import PRIVATE, is_private, need_words
from locality.neighbourhoods.rules.support import (
    NEED_STATE_WORDS,
    OFFER_WORDS,
    OUTCOME_WORDS,
    NeedState,
    OfferState,
    Outcome,
    Reached,
)
from locality.neighbourhoods.rules.wellbeing import Question, changes

__all__ = ["Organisation", "ToldBack", "message", "practice_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBack:
    """The message as a reader reads it, and as another system does."""

    subject: str
    body: str
    payload: dict[str, Any]


def practice_of(*, grant: Grant) -> Organisation | None:
    """The practice on whose list they are today; none where nobody here knows it."""
    rows = Relationship.objects.filter(
        holds(day_of(grant.viewer.at)),
        person__in=grant.person_ids,
        kind=RelationKind.REGISTERED_PRACTICE,
        organisation__isnull=False,
    )
    row = rows.select_related("organisation").order_by("-starts_on", "-pk").first()
    return row.organisation if row else None


def message(*, support: Support, words: str, grant: Grant, by: Viewer) -> ToldBack:
    """What is sent: what the needs are, what was offered, how they say they are, what came of it. Four queries.

    A need that is nobody's to pass on by the way stays here: whoever reads it at the practice may act for them.
    """
    needs = [one for one in support.needs.order_by("made_at", "pk") if one.need not in PRIVATE]
    offers = support.offers.select_related("need", "service").order_by("made_at", "pk")
    answers = [
        {one: getattr(row, one) for one in Question if getattr(row, one) is not None}
        for row in support.answers.order_by("asked_on")
    ]
    met = support.contacts.filter(struck_at=None, reached=Reached.YES).count()
    person = grant.person
    told = rules.Told(
        id=support.pk,
        at=by.at,
        family=person.family,
        given=person.given,
        nhs_number=person.nhs_number or "",
        birth_on=person.birth_on,
        by=by.name,
        organisation=by.organisation_name,
        team=support.team.name,
        why=support.why,
        begun_on=day_of(support.begun_at),
        met=met,
        needs=tuple((need_words(one.need), NEED_STATE_WORDS[NeedState(one.state)]) for one in needs),
        offers=tuple(
            (one.what, OFFER_WORDS[OfferState(one.state)])
            for one in offers
            if not is_private(one.need.need if one.need else "", one.service.needs if one.service else ())
        ),
        changes=tuple(changes(answers)),
        outcome=OUTCOME_WORDS[Outcome(support.outcome)] if support.outcome else "",
        words=words.strip(),
    )
    return ToldBack(subject=rules.subject(told), body=rules.body(told), payload=rules.bundle(told))
