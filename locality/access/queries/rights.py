"""Every right to act for somebody, for the privacy officer: nobody else sees them together."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce

from locality.access import rules
from locality.access.models import Proxy
from locality.access.queries.acting import DIED, PROTECTED
from locality.access.queries.knowing import KEPT
from locality.access.rules import ProxyKind
from locality.base import NoAccess, Viewer
from locality.base.periods import day_of
from locality.base.words import sort_key
from locality.people.queries.earlier import is_earlier

OFFICER_ONLY = "The role you signed in with does not see who acts for whom. The privacy officer does."
SOON = timedelta(days=28)
RESTS = PROTECTED & Q(knows_address=False)
PROXY_DIED = Q(proxy__died=True) | Q(proxy__merged_into__died=True)


class Which(StrEnum):
    """Which of the rights are asked for."""

    ALL = ""
    SOON = "soon"
    BIRTHDAY = "birthday"
    RESTING = "resting"


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsAsked:
    """Rights that are asked for: by the name of either, and of one kind."""

    words: str = ""
    which: Which = Which.ALL


def rights_to_act(*, viewer: Viewer, asked: RightsAsked) -> QuerySet[Proxy]:
    """Who may act for whom among the living, today or from a day to come; what ends first comes first.

    Raises NoAccess for anybody but the privacy officer. `resting`: an address is protected that they may not know.
    """
    if not rules.may_review(viewer):
        raise NoAccess(OFFICER_ONLY)
    on = day_of(viewer.at)
    rows = Proxy.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), ~DIED, ~PROXY_DIED, ended_at=None)
    # an earlier identity is named to nobody, nor is it told that somebody once acted for it
    rows = rows.annotate(kept=KEPT, kept_proxy=Coalesce("proxy__merged_into", F("proxy")))
    rows = rows.exclude(is_earlier("kept")).exclude(is_earlier("kept_proxy"))
    rows = rows.annotate(rests=ExpressionWrapper(RESTS, output_field=BooleanField()))
    rows = rows.select_related("person__merged_into", "proxy__merged_into")
    narrowed = {
        Which.SOON: Q(ends_on__lte=on + SOON),
        Which.BIRTHDAY: Q(kind=ProxyKind.PARENT),
        Which.RESTING: RESTS,
    }.get(asked.which, Q())
    return _named(rows.filter(narrowed), asked.words).order_by(F("ends_on").asc(nulls_last=True), "id")


def _named(rows: QuerySet[Proxy], words: str) -> QuerySet[Proxy]:
    """Those where either of the two has each of these words in their name."""
    typed = sort_key(words).split()
    if not typed:
        return rows
    rows = rows.annotate(
        name=Coalesce("person__merged_into__sort_key", "person__sort_key"),
        name_of_proxy=Coalesce("proxy__merged_into__sort_key", "proxy__sort_key"),
    )
    of_person, of_proxy = Q(), Q()
    for word in typed:
        of_person &= Q(name__contains=word)
        of_proxy &= Q(name_of_proxy__contains=word)
    return rows.filter(of_person | of_proxy)
