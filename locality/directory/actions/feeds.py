"""Taking in a directory's file: what it says is kept, what it leaves out is ended, what cannot be read is told."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction

from locality.base import Viewer
from locality.base.ids import named_id
from locality.base.periods import day_of
from locality.directory.actions.fed import Feed, TakenIn
from locality.directory.actions.packs import one_loader_at_a_time
from locality.directory.models import FeedEntry, Need, OpeningHours, Place, Site
from locality.directory.open_referral import (
    Offered,
    OfferedAt,
    OfferedTime,
    Page,
    check,
    held_schedules,
    id_of,
    offered,
    pages_of,
)
from locality.directory.pack import pack_folder
from locality.directory.queries.places import place as the_place
from locality.directory.queries.spans import held_on
from locality.directory.rules import CLOSED, WEEKDAYS, SiteKind, code_of
from locality.directory.rules.services import EntryState, NeedSaid, needs_meant
from locality.journal.actions import log

PHARMACIES = "pharmacies"
PACK_FOLDER = "directory"
# entries that were read by other rules than today's are read again
READING = "2"


@transaction.atomic
def take_in(
    *, content: bytes, feed: str, by: Viewer, origin: str = "", dry_run: bool = False, ends_many: bool = False
) -> TakenIn:
    """Take in a file of Open Referral UK; again, and nothing changes. A dry run tells what would change.

    Raises Refused for a file that is none, and where half of what the feed has would end unless `ends_many`.
    """
    code, page, place = code_of(feed), pages_of(content), the_place()
    one_loader_at_a_time()
    taken = TakenIn(feed=code, received=len(page.entries), dry_run=dry_run)
    read = _read(page, feed=code, place=place, on=day_of(by.at), taken=taken)
    to = Feed(place=place, code=code, origin=origin or f"Open Referral UK, feed {code}", taken=taken, on=day_of(by.at))
    to.write([one.offered for one in read.changed])
    if page.whole:
        to.end_others(read.here, ends_many=ends_many)
    _keep(read, feed=code, place=place, to=to, by=by)
    log(what="directory.received", by=by, about=place.pk, detail={"feed": code, **taken.counts})
    if dry_run:
        transaction.set_rollback(True)
    return taken


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    feed_id: str
    content: str
    digest: str
    offered: Offered


@dataclass(slots=True)
class _Read:
    """The entries of a file: those that say something new, those refused, and every id that is there."""

    changed: list[_Entry] = field(default_factory=list)
    refused: list[FeedEntry] = field(default_factory=list)
    here: set[str] = field(default_factory=set)


def _read(page: Page, *, feed: str, place: Place, on: date, taken: TakenIn) -> _Read:
    needs = [NeedSaid(one.code, one.name, one.said_as) for one in Need.objects.filter(place=place).order_by("code")]
    salt = orjson.dumps([READING, [[one.code, one.name, list(one.said_as)] for one in needs]])
    known = dict(
        FeedEntry.objects.filter(place=place, feed=feed)
        .exclude(state=EntryState.ENDED)
        .values_list("feed_id", "digest")
    )
    read = _Read()
    for number, entry in enumerate(page.entries, start=1):
        # what holds today of the hours it says is read anew when that changes
        content, held = _as_sent(entry), orjson.dumps(held_schedules(entry, on=on))
        digest = hashlib.sha256(salt + held + content.encode()).hexdigest()
        feed_id = id_of(entry) or f"entry-{number}"
        twice = feed_id in read.here
        read.here.add(feed_id)
        checked = check(entry)
        faults = ["Its id is in the file twice: the first is kept."] if twice else checked.faults
        if faults:
            named = f"{feed_id} (entry {number})" if twice else feed_id
            taken.refused.append((named, _name_of(entry), faults))
            read.refused.append(_refused(place, feed, named, faults, content=content, digest=digest))
        elif known.get(feed_id) == digest:
            taken.unchanged += 1
        else:
            one = offered(entry, feed_id=feed_id, checked=checked, needs=needs, on=on)
            taken.doubts += [(feed_id, one.values["name"], doubt) for doubt in one.doubts]
            read.changed.append(_Entry(feed_id=feed_id, content=content, digest=digest, offered=one))
    return read


def _as_sent(entry: Any) -> str:
    try:
        return orjson.dumps(entry).decode()
    except TypeError:  # a number beyond 64 bits
        return json.dumps(entry)


def _name_of(entry: Any) -> str:
    found = entry.get("name") if isinstance(entry, dict) else None
    return found.strip()[:80] if isinstance(found, str) else "without a name"


def _entry_id(place: Place, feed: str, feed_id: str) -> Any:
    return named_id(place.code, "feed-entry", feed, feed_id)


def _refused(place: Place, feed: str, feed_id: str, faults: list[str], *, content: str, digest: str) -> FeedEntry:
    # said of whatever was kept of it before, which stays as it was
    return FeedEntry(
        id=_entry_id(place, feed, feed_id),
        place=place,
        feed=feed,
        feed_id=feed_id,
        state=EntryState.REFUSED,
        reasons=faults,
        content=content,
        digest=digest,
    )


KEPT = ("service", "state", "reasons", "content", "digest", "came_at")


def _keep(read: _Read, *, feed: str, place: Place, to: Feed, by: Viewer) -> None:
    rows = [
        FeedEntry(
            id=_entry_id(place, feed, one.feed_id),
            place=place,
            feed=feed,
            feed_id=one.feed_id,
            service_id=to.service_id(one.feed_id),
            state=EntryState.KEPT,
            reasons=one.offered.doubts,
            content=one.content,
            digest=one.digest,
        )
        for one in read.changed
    ]
    before = dict(
        FeedEntry.objects.filter(place=place, feed=feed, state=EntryState.REFUSED).values_list("feed_id", "digest")
    )
    rows += [one for one in read.refused if before.get(one.feed_id) != one.digest]
    for row in rows:
        row.came_at = by.at
        if row.service_id is None and row.feed_id in to.known:
            row.service_id = to.service_id(row.feed_id)
    FeedEntry.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=KEPT, batch_size=500)
    FeedEntry.objects.filter(place=place, feed=feed, service__in=to.ended).update(state=EntryState.ENDED)


@transaction.atomic
def take_in_pack(*, pack: str | Path = "", by: Viewer) -> list[TakenIn]:
    """Take in the files that lie in a pack's `directory` folder, each the feed of its name, and its pharmacies."""
    folder = pack_folder(pack) / PACK_FOLDER
    files = sorted(folder.glob("*.json"))
    taken = [take_in(content=file.read_bytes(), feed=file.stem, by=by) for file in files]
    return [*taken, offer_pharmacies(by=by)]


@transaction.atomic
def offer_pharmacies(*, by: Viewer) -> TakenIn:
    """Make a service of each public pharmacy among the sites, with its usual week; raises NotFound without a place."""
    place, on = the_place(), day_of(by.at)
    one_loader_at_a_time()
    sites = Site.objects.filter(held_on(on), place=place, kind=SiteKind.PHARMACY, is_public=True)
    rows = list(sites.select_related("hours", "organisation").order_by("code"))
    if not rows:
        return TakenIn(feed=PHARMACIES, received=0)
    taken = TakenIn(feed=PHARMACIES, received=len(rows))
    needs = [NeedSaid(one.code, one.name, one.said_as) for one in Need.objects.filter(place=place)]
    meant = needs_meant("pharmacy", needs)
    to = Feed(place=place, code=PHARMACIES, origin=rows[0].origin, taken=taken, on=on, kind="pharmacy")
    to.write([_pharmacy(site, meant) for site in rows])
    to.end_others({site.code for site in rows}, ends_many=True)
    log(what="directory.received", by=by, about=place.pk, detail={"feed": PHARMACIES, **taken.counts})
    return taken


OFFERS = "Gives out medicines, and advises on them and on minor illness without an appointment."


def _pharmacy(site: Site, meant: list[str]) -> Offered:
    return Offered(
        feed_id=site.code,
        status="active",
        organisation_id=site.organisation.code,
        organisation=site.organisation.name,
        values={"name": site.name, "description": OFFERS, "phone": site.phone, "needs": meant, "site_id": site.pk},
        places=[OfferedAt(name=site.name, address=site.address, postcode=site.postcode, site=site.pk)],
        times=_week(getattr(site, "hours", None)),
        doubts=[],
    )


def _week(hours: OpeningHours | None) -> list[OfferedTime]:
    found = []
    for number, weekday in enumerate(WEEKDAYS, start=1):
        opening = getattr(hours, weekday, "") if hours else ""
        for span in opening.split(", ") if opening and opening != CLOSED else ():
            opens, closes = span.split("-")
            found.append(OfferedTime(weekday=number, opens=opens, closes=closes))
    return found


__all__ = ["TakenIn", "offer_pharmacies", "take_in", "take_in_pack"]
