"""Loading a pack: the database comes to say what the files say, or nothing changes at all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from locality.base import Refused, Viewer
from locality.directory.actions.finding import index_services
from locality.directory.actions.wanted import FIELDS, KINDS, Gone, Kind, wanted_place, wanted_rows
from locality.directory.models import Place, Service, TeamMembership
from locality.directory.pack import Pack, pack_folder, read_pack
from locality.directory.pack.sections import BY_NAME
from locality.journal.actions import log

BATCH = 2000
# any number that nothing else in Locality locks by
ONE_LOADER_AT_A_TIME = 7_301_001
ROWS_TOLD = 50


@dataclass(slots=True)
class Loaded:
    """What loading a pack did, a few words a row; loading it again does nothing."""

    place: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """What was done, for a person."""
        done = [f"{len(rows):,} {word}" for word, rows in self._by_word() if rows]
        return f"{self.place}: {', '.join(done) or 'nothing to change, all is already as the pack says'}."

    @property
    def detail(self) -> dict[str, Any]:
        """What was done, for the audit: every count, and the first rows of each."""
        return {word: {"count": len(rows), "rows": rows[:ROWS_TOLD]} for word, rows in self._by_word()}

    def _by_word(self) -> list[tuple[str, list[str]]]:
        return [(word, getattr(self, word)) for word in ("added", "changed", "ended", "removed")]


@transaction.atomic
def load_pack(*, pack: str | Path = "", by: Viewer) -> Loaded:
    """Load a pack by name or folder (else the default one), whole or not at all; again, and nothing changes.

    Raises NotFound for an unknown pack, PackFaults naming file and line, and Refused when something that is
    loaded has vanished from the files: it is to be ended there instead.
    """
    files = read_pack(pack_folder(pack))
    one_loader_at_a_time()
    loaded = Loaded(files.place.values["code"])
    place = _load_place(files, loaded=loaded)
    gone = [(kind, _load(kind, pack=files, place=place, loaded=loaded)) for kind in KINDS]
    _take_out(gone, pack=files, loaded=loaded)
    index_services(place=place.pk)
    log(what="pack.load", by=by, about=place.pk, detail=loaded.detail)
    return loaded


def one_loader_at_a_time() -> None:
    """Wait, until the transaction ends, for whoever else loads a pack or a list of staff."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [ONE_LOADER_AT_A_TIME])


def _load_place(pack: Pack, *, loaded: Loaded) -> Place:
    place = wanted_place(pack)
    default = Place.objects.filter(is_default=True).first()
    # The first place loaded is the default until a pack that says so comes; of two that say so, the last.
    place.is_default = pack.place.values["default"] or default is None or default.pk == place.pk
    if place.is_default and default is not None and default.pk != place.pk:
        Place.objects.filter(pk=default.pk).update(is_default=False)
        loaded.changed.append(f"place {default.code} (is_default)")
    existing = {row.pk: row for row in Place.objects.filter(pk=place.pk)}
    _save(Place, {f"place {place.code}": place}, existing=existing, loaded=loaded)
    return place


def _load(kind: Kind, *, pack: Pack, place: Place, loaded: Loaded) -> list[Any]:
    """Write what one section asks for; gives back the loaded rows that it asks for no more."""
    theirs = {"feed": ""} if kind.fed else {}
    rows: Iterable[Any] = kind.model._default_manager.filter(**{kind.place: place.pk}, **theirs)
    existing = {row.pk: row for row in rows}
    wanted = wanted_rows(kind, pack=pack, place=place)
    asked = {row.pk for row in wanted.values()}
    gone = [row for row in existing.values() if row.pk not in asked]
    if kind.model is Service:
        _keep_what_is_said_here(wanted, existing=existing)
    if kind.model is TeamMembership:
        for row in wanted.values():
            # Somebody ended it by hand: an old file must not let a leaver back in.
            ended = existing[row.pk].ends_on if row.pk in existing else None
            if ended is not None and (row.ends_on is None or ended < row.ends_on):
                row.ends_on = ended
    if gone and kind.gone is Gone.REPLACED:
        _remove(kind, gone, loaded=loaded)
        gone = []
    _save(kind.model, wanted, existing=existing, loaded=loaded)
    return gone


def _keep_what_is_said_here(wanted: dict[str, Any], *, existing: dict[UUID, Any]) -> None:
    said = {FIELDS.get(column.name, column.name) for column in BY_NAME["services"].columns}
    unsaid = {field.attname for field in Service._meta.concrete_fields if field.name not in {*said, "id", "place"}}
    for row in wanted.values():
        was = existing.get(row.pk)
        for name in {*unsaid, *was.kept_here} if was else ():
            setattr(row, name, getattr(was, name))


def _save(model: type[Any], wanted: dict[str, Any], *, existing: dict[UUID, Any], loaded: Loaded) -> None:
    fields = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    new, other = [], []
    for words, row in wanted.items():
        was = existing.get(row.pk)
        differing = [name for name in fields if was is not None and getattr(was, name) != getattr(row, name)]
        if was is None:
            new.append(row)
            loaded.added.append(words)
        elif differing:
            other.append(row)
            ended = any(name.endswith("ends_on") and getattr(row, name) is not None for name in differing)
            (loaded.ended if ended else loaded.changed).append(f"{words} ({', '.join(differing)})")
    # What ends makes room for what begins: a neighbourhood has one team at a time.
    other.sort(key=lambda row: getattr(row, "ends_on", None) is None)
    model._default_manager.bulk_create(
        other, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )
    model._default_manager.bulk_create(new, batch_size=BATCH)


def _take_out(gone: list[tuple[Kind, list[Any]]], *, pack: Pack, loaded: Loaded) -> None:
    # Last kind first: what points at another goes before it.
    for kind, rows in reversed(gone):
        if rows and kind.gone is Gone.REFUSED:
            ends = any(column.name == "ends_on" for column in BY_NAME[kind.section].columns)
            raise Refused(
                f"{', '.join(_words(kind, rows))}: loaded before and no longer in {pack.shown}/{kind.section}. "
                f"{'Give it an end (ends_on)' if ends else 'Say connected = false'} instead of taking it out."
            )
        if rows and kind.gone is Gone.REMOVED:
            _remove(kind, rows, loaded=loaded)


def _remove(kind: Kind, rows: list[Any], *, loaded: Loaded) -> None:
    loaded.removed += _words(kind, rows)
    kind.model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()


def _words(kind: Kind, rows: list[Any]) -> list[str]:
    """What rows are called, as when they were added."""
    keys = kind.model._default_manager.filter(pk__in=[row.pk for row in rows]).values_list("pk", *kind.key)
    named = {pk: " ".join(str(part) for part in key) for pk, *key in keys}
    return [f"{BY_NAME[kind.section].singular} {named[row.pk]}" for row in rows]
