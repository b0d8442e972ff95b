"""What opens under a line, read from the content as sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from locality.access.queries import Grant, redacts
from locality.record.headlines import Detail, Topic, detail
from locality.record.intake import strict
from locality.record.queries.references import Key, Named, named, written_in
from locality.record.queries.rows import Row

# where somebody lives or is seen, which a protected address does not tell
TELLS_PLACE = {"Address", "Place", "Where"}
Lines = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Contents:
    """The contents of some rows, read once, with their references in words."""

    grant: Grant
    tells_place: bool
    resources: dict[UUID, dict] = field(default_factory=dict)
    names: Mapping[Key, Named] = field(default_factory=dict)

    def opens(self, row: Row) -> bool:
        """Whether this row was read, and its class is not shown by its line alone."""
        return row.id in self.resources and not redacts(self.grant, row.data_class)

    def detail(self, row: Row) -> Detail:
        """What opens under a row; nothing where it does not open."""
        return detail(self.resources[row.id]) if self.opens(row) else Detail()

    def lines(self, row: Row) -> Lines:
        """The lines that open under a row."""
        lines = lines_of(self.detail(row))
        return lines if self.tells_place else tuple(one for one in lines if one[0] not in TELLS_PLACE)

    def named(self, row: Row, reference: str) -> Named | None:
        """What a reference in a row stands for."""
        return self.names.get((row.source_id, reference))


def contents_of(grant: Grant, rows: Sequence[Row], *, tells_place: bool) -> Contents:
    """Read the contents of rows; the references in them are looked up in one query, if there are any."""
    kept = Contents(grant=grant, tells_place=tells_place)
    wanted: list[tuple[Key, dict]] = []
    for row in rows:
        if row.content is None:
            continue
        resource = strict.parse(bytes(row.content))
        assert isinstance(resource, dict)
        kept.resources[row.id] = resource
        if kept.opens(row):
            wanted += [((row.source_id, one["reference"]), one) for one in _to_name(row, resource)]
    kept.names = named(grant, (key for key, _ in wanted)) if wanted else {}
    for key, reference in wanted:
        if key in kept.names:
            reference.setdefault("display", kept.names[key].words)
    return kept


def _to_name(row: Row, resource: dict) -> Iterator[dict]:
    """What has no words of its own; and in a team everybody, for their telephone numbers."""
    return (one for one in written_in(resource) if row.topic == Topic.TEAM or not one.get("display"))


def lines_of(shown: Detail) -> Lines:
    """Everything a resource says under its line, as pairs of a label and words."""
    lines: list[tuple[str, str]] = list(shown.lines)
    lines += [(part.label, f"{part.value} {part.unit}".strip()) for part in shown.parts]
    lines += shown.pairs
    lines += [("Goal", words) for words in shown.goals]
    lines += [("To do", _joined([one.words, one.when, one.status])) for one in shown.activities]
    lines += [(one.role or "With", _joined([one.name, one.phone])) for one in shown.people]
    return tuple((label, words) for label, words in lines if words)


def _joined(words: Iterable[str]) -> str:
    return ", ".join(filter(None, words))
