"""Finding a service: by its words, what it helps with, how near it is, what it costs and who can come.

Of hubs nothing is shown to the public, whoever sent it (`hubs.py`), nor how far one is from anywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Length

from locality.base import NotFound
from locality.base.periods import LONDON
from locality.directory import rules
from locality.directory.models import (
    Need,
    Postcode,
    Service,
    ServiceAt,
    ServiceCapacity,
    ServiceReport,
    ServiceTime,
    ServiceWord,
)
from locality.directory.queries.hubs import kept_from_the_public, without_hubs
from locality.directory.queries.spans import held_on, in_place
from locality.directory.rules.services import (
    STALE_AFTER_DAYS,
    NeedSaid,
    ReportState,
    ServiceAsked,
    is_stale,
    nearest_words,
    needs_meant,
    telling_words,
)

MOST, SHORT = 20, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFound:
    """One service with what matters beside it; `miles` to its nearest place, None where nobody can tell."""

    service: Service
    miles: float | None
    needs: list[Need]
    capacity: ServiceCapacity | None
    stale: bool
    places: list[ServiceAt]
    times: list[ServiceTime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found: the first rows of `total`; where there are none, the nearest instead, and what was let go.

    `read_as` says how a mistyped search was read, `meant` which needs its words meant; `near_known` is False where the
    postcode asked for is none of the place's.
    """

    rows: list[ServiceFound]
    total: int
    read_as: str = ""
    meant: list[Need] = field(default_factory=list)
    near_known: bool = True
    instead: list[ServiceFound] = field(default_factory=list)
    without: str = ""


# each after the one that is let go sooner; what is asked for in words goes last
LET_GO = (
    ("within_miles", "so near"),
    ("open_at", "open then"),
    ("access", "with that access"),
    ("free", "free"),
    ("age", "for that age"),
)


def search(*, asked: ServiceAsked, on: date, most: int = MOST, place: str = "") -> Found:
    """The services that answer what is asked, best and nearest first; words are forgiven their spelling."""
    needs = list(Need.objects.filter(in_place(place)).order_by("name"))
    meant = needs_meant(asked.words, [NeedSaid(one.code, one.name, one.said_as) for one in needs])
    near = _point(asked.near, place=place)
    first = _Search(asked=asked, on=on, most=most, place=place, near=near, meant=meant)
    ids, total, read_as = first.spelt_anyhow()
    told: dict[str, Any] = {
        "total": total,
        "read_as": read_as,
        "meant": [one for one in needs if one.code in meant],
        "near_known": near is not None or not asked.near.strip(),
    }
    if ids:
        return Found(rows=_beside(ids, needs=needs, asked=asked, on=on), **told)
    instead, without = first.nearest()
    return Found(rows=[], instead=_beside(instead, needs=needs, asked=asked, on=on), without=without, **told)


Ids = list[tuple[UUID, float | None]]
Point = tuple[float, float]

# a degree of latitude is 69.05 miles here; of longitude, that by the cosine of the latitude
SEARCH = """
with places as (
    select service_id, min(sqrt(
        power((latitude - %(latitude)s) * 69.05, 2)
        + power((longitude - %(longitude)s) * 69.05 * cos(radians(%(latitude)s)), 2))) as miles
    from directory_serviceat
    where latitude is not null and %(latitude)s::float8 is not null and id <> all(%(kept)s::uuid[])
    group by service_id
), found as (
    select s.id, s.name, places.miles,
        case when {in_name} then 0 when s.needs && %(meant)s::text[] then 1 else 2 end as rank
    from directory_service s
    join directory_place p on p.id = s.place_id
    left join places on places.service_id = s.id
    where (p.code = %(place)s or (%(place)s = '' and p.is_default))
    and (s.starts_on is null or s.starts_on <= %(on)s) and (s.ends_on is null or s.ends_on > %(on)s)
    and ({words} or s.needs && %(meant)s::text[])
    and (%(needs)s::text[] = '{{}}' or s.needs && %(needs)s::text[])
    and s.access @> %(access)s::text[]
    and (not %(free)s or s.is_free)
    and (not %(stale)s or s.assured_on is null or s.assured_on < %(stale_before)s)
    and (%(organisation)s::uuid is null or s.organisation_id = %(organisation)s)
    and (not %(public_only)s or s.is_public)
    and (not %(takes_referrals)s or s.takes_referrals)
    and (%(age)s::int is null or (coalesce(s.min_age, 0) <= %(age)s and coalesce(s.max_age, 999) >= %(age)s))
    and (%(within)s::float8 is null or places.miles <= %(within)s)
    and (%(weekday)s::int is null or exists (
        select from directory_servicetime t where t.service_id = s.id
        and t.weekday = %(weekday)s and t.opens <= %(clock)s and %(clock)s < t.closes))
)
select found.id, found.miles, count(*) over ()
from found
left join lateral (
    select state from directory_servicecapacity c where c.service_id = found.id
    order by reported_at desc, id desc limit 1
) newest on true
order by rank, newest.state is not distinct from 'closed', found.miles nulls last, found.name, found.id
limit %(most)s
"""
HAS_WORD = "(s.name_key like {0} or s.text_key like {0})"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    asked: ServiceAsked
    on: date
    most: int
    place: str
    near: Point | None
    meant: list[str]

    def spelt_anyhow(self) -> tuple[Ids, int, str]:
        """By the words as they were typed; where there is nothing, by the known words that are most like them."""
        words = telling_words(self.asked.words)
        ids, total = self.ids(words)
        if ids or not words:
            return ids, total, ""
        read = [self._nearest(word) for word in words]
        if read == words or "" in read:
            return [], 0, ""
        meant = self._meant(" ".join(read))
        ids, total = replace(self, meant=meant).ids(read)
        return ids, total, " ".join(read) if ids else ""

    def nearest(self) -> tuple[Ids, str]:
        """What is found once one thing that was asked is let go, and which that was."""
        for name, words in LET_GO:
            if getattr(self.asked, name) not in (None, False, (), []):
                asked = replace(self.asked, **{name: getattr(ServiceAsked(), name)})
                ids, _, _ = replace(self, asked=asked).spelt_anyhow()
                if ids:
                    return ids[:5], words
        if self.asked.words and (self.asked.needs or self.meant):
            ids, _ = replace(self, asked=replace(self.asked, words="")).ids([])
            return ids[:5], "by those words"
        return [], ""

    def ids(self, words: Sequence[str]) -> tuple[Ids, int]:
        # only what stands between the braces is put in here, by number; what was typed goes in as a value
        named = [f"%(word{number})s" for number in range(len(words))]
        in_name = " and ".join(f"s.name_key like {one}" for one in named) or "true"
        has = " and ".join(HAS_WORD.format(one) for one in named) or "true"
        told = self._told() | {f"word{number}": f"% {_stem(word)}%" for number, word in enumerate(words)}
        with connection.cursor() as cursor:
            cursor.execute(SEARCH.format(in_name=in_name, words=has), told)
            rows = cursor.fetchall()
        return [(pk, miles) for pk, miles, _ in rows], rows[0][2] if rows else 0

    def _told(self) -> dict[str, Any]:
        asked, at = self.asked, self.asked.open_at
        local = at.astimezone(LONDON) if at else None
        return {
            "place": self.place,
            "on": self.on,
            "meant": self.meant,
            "needs": list(asked.needs),
            "access": list(asked.access),
            "free": asked.free,
            "stale": asked.stale,
            "stale_before": self.on - timedelta(days=STALE_AFTER_DAYS),
            "organisation": asked.organisation,
            "public_only": asked.public_only,
            "takes_referrals": asked.takes_referrals,
            "age": asked.age,
            "latitude": self.near[0] if self.near else None,
            "longitude": self.near[1] if self.near else None,
            # what lies nobody knows where is not left out for a postcode nobody knows
            "kept": kept_from_the_public() if asked.public_only and self.near else [],
            "within": asked.within_miles if self.near else None,
            "weekday": local.isoweekday() if local else None,
            "clock": f"{local:%H:%M}" if local else "",
            "most": self.most,
        }

    def _nearest(self, word: str) -> str:
        known = ServiceWord.objects.filter(in_place(self.place))
        if known.filter(word__startswith=word).exists():
            return word
        # a short word with two letters swapped shares hardly a trigram with itself
        alike = Q(word__trigram_similar=word)
        if len(word) <= SHORT:
            alike = Q(word__startswith=word[0], letters__range=(len(word) - 1, len(word) + 1))
        rows = known.alias(letters=Length("word")).filter(alike)
        return next(iter(nearest_words(word, list(rows.values_list("word", flat=True)))), "")

    def _meant(self, words: str) -> list[str]:
        needs = Need.objects.filter(in_place(self.place))
        return needs_meant(words, [NeedSaid(one.code, one.name, one.said_as) for one in needs])


def _stem(word: str) -> str:
    # "classes" is to find a class
    return word[:-1] if len(word) > SHORT and word.endswith("s") else word


def _point(near: str, *, place: str) -> Point | None:
    """Where a postcode lies, or the middle of those that begin so; None for what is none here."""
    packed = "".join(near.upper().split())
    if not packed:
        return None
    whole = rules.postcode(packed)
    known = Postcode.objects.filter(in_place(place)).exclude(latitude=None)
    rows = known.filter(code=whole) if whole else known.filter(code__startswith=f"{packed} ")
    points: list[Any] = list(rows.values_list("latitude", "longitude"))
    if not points:
        return None
    return sum(one for one, _ in points) / len(points), sum(one for _, one in points) / len(points)


def _beside(ids: Ids, *, needs: Iterable[Need], asked: ServiceAsked, on: date) -> list[ServiceFound]:
    miles = dict(ids)
    rows = Service.objects.select_related("organisation", "site", "owner").in_bulk(miles)
    by_code = {one.code: one for one in needs}
    capacities, times = newest_capacities(miles), _by_service(ServiceTime.objects.filter(service__in=miles))
    places = _by_service(_places(miles, public_only=asked.public_only))
    if asked.public_only:
        without_hubs(rows.values())
    return [
        ServiceFound(
            service=rows[pk],
            miles=miles[pk],
            needs=[by_code[code] for code in rows[pk].needs if code in by_code],
            capacity=capacities.get(pk),
            stale=is_stale(assured_on=rows[pk].assured_on, on=on),
            places=places.get(pk, []),
            times=times.get(pk, []),
        )
        for pk in miles
    ]


def _places(services: Iterable[UUID], *, public_only: bool) -> Iterable[ServiceAt]:
    rows = ServiceAt.objects.filter(service__in=list(services)).select_related("site").order_by("name", "id")
    if not public_only:
        return rows
    return rows.exclude(pk__in=kept_from_the_public())


def places_to_visit(services: Iterable[UUID]) -> dict[UUID, list[ServiceAt]]:
    """Where each of these services may be visited: no hub, and no site that is not public."""
    return _by_service(_places(services, public_only=True))


def _by_service(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.service_id, []).append(row)
    return found


def newest_capacities(services: Iterable[UUID]) -> Mapping[UUID, ServiceCapacity]:
    """What was said last of the room that each of these services has."""
    rows = ServiceCapacity.objects.filter(service__in=list(services))
    return {row.service_id: row for row in rows.order_by("service", "-reported_at", "-id").distinct("service")}


def needs(*, place: str = "") -> list[Need]:
    """What people of the place may need help with, by name."""
    return list(Need.objects.filter(in_place(place)).order_by("name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSeen(ServiceFound):
    """All that is known of one service; `earlier` is what was said of its room before."""

    earlier: list[ServiceCapacity]
    reports: list[ServiceReport]


def service(service_id: UUID, *, on: date, public_only: bool = False) -> ServiceSeen:
    """One service; NotFound where there is none, and for the public where they are told of none."""
    rows = Service.objects.filter(pk=service_id)
    row = (rows.filter(held_on(on), is_public=True) if public_only else rows).first()
    if row is None:
        raise NotFound("There is no such service here.")
    known = Need.objects.filter(place=row.place_id)
    found = _beside([(row.pk, None)], needs=known, asked=ServiceAsked(public_only=public_only), on=on)[0]
    said = ServiceCapacity.objects.filter(service=row).order_by("-reported_at", "-id")
    waiting = ServiceReport.objects.filter(service=row).order_by("-reported_at", "-id")
    return ServiceSeen(
        service=found.service,
        miles=None,
        needs=found.needs,
        capacity=found.capacity,
        stale=found.stale,
        places=found.places,
        times=found.times,
        earlier=[] if public_only else list(said[1:6]),
        reports=[] if public_only else list(waiting[:10]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """What there is to keep: reports that wait, and how many services nobody made sure of within a year."""

    waiting: list[ServiceReport]
    stale: int
    total: int


def upkeep(*, on: date, organisation: UUID | None = None, place: str = "") -> Upkeep:
    """What those who keep the directory have to do, of one organisation or of all."""
    rows = Service.objects.filter(in_place(place), held_on(on))
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    waiting = ServiceReport.objects.filter(state=ReportState.WAITING, service__in=rows).select_related("service")
    days: list[date | None] = list(rows.values_list("assured_on", flat=True))
    return Upkeep(
        waiting=list(waiting.order_by("reported_at")),
        stale=sum(is_stale(assured_on=day, on=on) for day in days),
        total=len(days),
    )
