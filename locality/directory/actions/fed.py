"""Writing what a feed offers as services: added, changed, ended, each told by name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from locality.base import Refused
from locality.base.ids import named_id
from locality.base.words import sort_key
from locality.directory.actions.finding import index_services
from locality.directory.models import Organisation, Place, Postcode, Service, ServiceAt, ServiceTime
from locality.directory.open_referral import Offered
from locality.directory.rules import OrganisationKind

BATCH = 500
# fewer than this may all end at once: a feed of three is not held against itself
FEW = 10
CLOSED_FOR_NOW = "Closed for now, its sender says."
OVER = ("inactive", "defunct")


@dataclass(slots=True, kw_only=True)
class TakenIn:
    """What taking in a file did, or would do: received = added + changed + unchanged + refused."""

    feed: str
    received: int
    dry_run: bool = False
    unchanged: int = 0
    added: list[str] = field(default_factory=list)
    changed: list[tuple[str, list[str]]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    refused: list[tuple[str, str, list[str]]] = field(default_factory=list)
    doubts: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        told = {name: len(getattr(self, name)) for name in ("added", "changed", "ended", "refused", "doubts")}
        return {"received": self.received, "unchanged": self.unchanged, **told}

    @property
    def sentence(self) -> str:
        """What was done, for a person."""
        words = {
            "added": "added",
            "changed": "changed",
            "unchanged": "as before",
            "refused": "refused",
            "ended": "ended",
        }
        said = [f"{self.counts[name]:,} {word}" for name, word in words.items() if self.counts[name]]
        would = " would be" if self.dry_run else ""
        return f"{self.feed}: {self.received:,} received;{would} {', '.join(said) or 'nothing'}."


class Feed:
    """One feed of a place, and what is held of it."""

    def __init__(self, *, place: Place, code: str, origin: str, taken: TakenIn, on: date, kind: str = "listed"):
        self.place, self.code, self.origin, self.taken, self.on, self.kind = place, code, origin, taken, on, kind
        rows = Service.objects.filter(place=place, feed=code).prefetch_related("places", "times")
        self.known = {row.feed_id: row for row in rows}
        self.ended: list[UUID] = []

    def service_id(self, feed_id: str) -> UUID:
        """The same id for the same service of the same feed, on every machine."""
        return named_id(self.place.code, "feed", self.code, feed_id)

    def write(self, offered: Sequence[Offered]) -> None:
        """Add or change these, and leave alone what was changed here."""
        organisations = self._organisations(offered)
        rows, placed = [], []
        for one in offered:
            row, said = self._row(one, organisation=organisations[one.organisation_id])
            if said is None:
                self.taken.unchanged += 1
            else:
                (self.taken.changed.append((row.name, said)) if said else self.taken.added.append(row.name))
                rows.append(row)
                placed.append((row, one))
        names = [field.attname for field in Service._meta.concrete_fields if not field.primary_key]
        Service.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=names, batch_size=BATCH
        )
        self._place(placed)
        index_services(place=self.place.pk, only=[row.pk for row in rows])

    def _row(self, one: Offered, *, organisation: UUID) -> tuple[Service, list[str] | None]:
        """The service as it is to be, and what of it changes: nothing (None), or all, being new ([])."""
        was = self.known.get(one.feed_id)
        wanted = self._wanted(one, organisation=organisation, was=was)
        if was is None:
            return self._new(one, wanted), []
        if was.assured_on and was.assured_on > (wanted.get("assured_on") or date.min):
            # made sure of here, or by a later file
            wanted |= {"assured_on": was.assured_on, "assured_by": was.assured_by}
        said = [name for name, value in wanted.items() if name not in was.kept_here and getattr(was, name) != value]
        for name in said:
            setattr(was, name, wanted[name])
        changes = [name.removesuffix("_id") for name in said] + self._moved(was, one)
        return was, changes or None

    def _wanted(self, one: Offered, *, organisation: UUID, was: Service | None) -> dict[str, Any]:
        wanted = {**one.values, "organisation_id": organisation, "origin": self.origin}
        ended_on = was.ends_on if was else None
        wanted["ends_on"] = (ended_on or self.on) if one.status in OVER else None
        if one.status == "temporarily closed":
            wanted["description"] = f"{CLOSED_FOR_NOW}\n\n{wanted['description']}"
        return wanted

    def _new(self, one: Offered, wanted: dict[str, Any]) -> Service:
        pk = self.service_id(one.feed_id)
        return Service(
            id=pk,
            place=self.place,
            code=f"{self.code[:40]}-{pk.hex[:12]}",
            kind=self.kind,
            feed=self.code,
            feed_id=one.feed_id,
            is_public=True,
            verified=wanted.get("assured_on") is not None,
            **wanted,
        )

    def _moved(self, was: Service, one: Offered) -> list[str]:
        held_at = {(row.name, row.address, row.postcode, row.site_id) for row in was.places.all()}
        held_times = {(row.weekday, row.opens, row.closes, row.words) for row in was.times.all()}
        at = {(row.name, row.address, row.postcode, row.site) for row in one.places}
        times = {(row.weekday, row.opens, row.closes, row.words) for row in one.times}
        return [name for name, differs in (("places", at != held_at), ("times", times != held_times)) if differs]

    def _place(self, placed: Sequence[tuple[Service, Offered]]) -> None:
        services = [row.pk for row, _ in placed]
        for model in (ServiceAt, ServiceTime):
            model._default_manager.filter(service__in=services).delete()
        known = self._points(placed)
        at, times = [], []
        for row, one in placed:
            for number, where in enumerate(one.places):
                point = (where.latitude, where.longitude)
                latitude, longitude = point if where.latitude is not None else known.get(where.postcode, point)
                at.append(
                    ServiceAt(
                        id=named_id(str(row.pk), "at", str(number)),
                        service=row,
                        site_id=where.site,
                        name=where.name,
                        address=where.address,
                        postcode=where.postcode,
                        latitude=latitude,
                        longitude=longitude,
                    )
                )
            for number, span in enumerate(one.times):
                said = {"weekday": span.weekday, "opens": span.opens, "closes": span.closes, "words": span.words}
                times.append(ServiceTime(id=named_id(str(row.pk), "time", str(number)), service=row, **said))
        ServiceAt.objects.bulk_create(at, batch_size=BATCH)
        ServiceTime.objects.bulk_create(times, batch_size=BATCH)

    def _points(self, placed: Sequence[tuple[Service, Offered]]) -> dict[str, tuple[float | None, float | None]]:
        asked = {where.postcode for _, one in placed for where in one.places if where.postcode}
        rows = Postcode.objects.filter(place=self.place, code__in=asked)
        return {
            code: (latitude, longitude)
            for code, latitude, longitude in rows.values_list("code", "latitude", "longitude")
        }

    def _organisations(self, offered: Sequence[Offered]) -> dict[str, UUID]:
        """Who offers each: one that is here already under that code or name, else one of the feed's own."""
        rows = list(Organisation.objects.filter(place=self.place, ends_on=None).order_by("feed", "code"))
        ours: dict[str, UUID] = {}
        for row in rows:
            for key in (row.code, sort_key(row.name)):
                ours.setdefault(key, row.pk)
        found, new = {}, {}
        for one in offered:
            held = ours.get(one.organisation_id) or ours.get(sort_key(one.organisation))
            pk = held or named_id(self.place.code, "feed-organisation", self.code, one.organisation_id)
            found[one.organisation_id] = pk
            if held is None and pk not in new:
                new[pk] = self._organisation(pk, one)
        Organisation.objects.bulk_create(new.values(), batch_size=BATCH, ignore_conflicts=True)
        return found

    def _organisation(self, pk: UUID, one: Offered) -> Organisation:
        return Organisation(
            id=pk,
            place=self.place,
            code=f"{self.code[:40]}-{pk.hex[:12]}",
            name=one.organisation,
            short_name=one.organisation,
            kind=OrganisationKind.OTHER,
            feed=self.code,
            origin=self.origin,
            verified=False,
        )

    def end_others(self, here: Collection[str], *, ends_many: bool) -> None:
        """End what the feed has no more; refuse to end half of it unless told to."""
        live = [row for row in self.known.values() if row.ends_on is None]
        gone = [row for row in live if row.feed_id not in here]
        if len(gone) > FEW and len(gone) * 2 > len(live) and not ends_many:
            raise Refused(
                f"{len(gone)} of the {len(live)} services of {self.code} are not in this file and would end. "
                "If it is the whole of it, say so (--ends-many); nothing was changed."
            )
        self.ended = [row.pk for row in gone]
        self.taken.ended += sorted(row.name for row in gone)
        Service.objects.filter(pk__in=self.ended).update(ends_on=self.on)
