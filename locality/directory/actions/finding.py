"""Keeping what services are found by: plain words of each, and every word there is."""

from collections.abc import Collection
from uuid import UUID

from locality.base.words import sort_key
from locality.directory.models import Need, Service, ServiceWord
from locality.directory.rules.services import WORD

SHORTEST_WORD = 3


def index_services(*, place: UUID, only: Collection[UUID] | None = None) -> None:
    """Bring the keys of a place's services up to date with what they say; of `only` some, where those alone changed."""
    needs = {row.code: row for row in Need.objects.filter(place=place)}
    rows = Service.objects.filter(place=place).select_related("organisation")
    changed = []
    for row in rows if only is None else rows.filter(pk__in=only):
        keys = _name_key(row), _text_key(row, needs)
        if keys != (row.name_key, row.text_key):
            row.name_key, row.text_key = keys
            changed.append(row)
    Service.objects.bulk_update(changed, ["name_key", "text_key"], batch_size=1000)
    if changed:
        _keep_words(place, changed, whole=only is None)


def _name_key(row: Service) -> str:
    return _plain(f"{row.name} {row.organisation.name} {row.organisation.short_name}")


def _text_key(row: Service, needs: dict[str, Need]) -> str:
    said = [word for code in row.needs if code in needs for word in (needs[code].name, *needs[code].said_as)]
    return _plain(" ".join([row.name, row.kind, row.description, row.who_for, row.access_words, *said]))


def _plain(words: str) -> str:
    # a space before each word, so that what begins a word can be asked for
    return " " + " ".join(WORD.findall(sort_key(words).replace("'", "")))


def _keep_words(place: UUID, rows: list[Service], *, whole: bool) -> None:
    if whole:
        rows = list(Service.objects.filter(place=place).only("name_key", "text_key"))
    found = {word for row in rows for word in f"{row.name_key}{row.text_key}".split() if len(word) >= SHORTEST_WORD}
    if whole:
        ServiceWord.objects.filter(place=place).exclude(word__in=found).delete()
    ServiceWord.objects.bulk_create(
        [ServiceWord(place_id=place, word=word) for word in sorted(found)], batch_size=2000, ignore_conflicts=True
    )
