"""What must hold between the rows of a pack."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from locality.directory.pack.rows import Row
from locality.directory.pack.sections import BY_NAME, Section
from locality.directory.rules import NEIGHBOURHOOD_TEAM, SiteKind, SourceFormat, Span, day_words, overlap

Sections = dict[str, list[Row]]


def faults_of(sections: Sections, *, folder: Path) -> list[str]:
    """Every fault between rows that can each be read."""
    return [
        *_said_twice(sections),
        *_names_nothing(sections, folder=folder),
        *_ends_before_it_starts(sections),
        *_public_hubs(sections["sites"]),
        *_teams(sections["teams"]),
        *_memberships(sections["memberships"]),
        *_successors(sections["successors"]),
        *_sources(sections["sources"], folder=folder),
    ]


def _said_twice(sections: Sections) -> Iterator[str]:
    for name, rows in sections.items():
        section = BY_NAME[name]
        first: dict[tuple[object, ...], Row] = {}
        for row in rows:
            key = tuple(row.values[column] for column in section.key)
            if key in first:
                words = " ".join(str(part) for part in key)
                before = first[key]
                yield row.fault(f"{section.singular} {words} is there already ({before.file} line {before.line})")
            first.setdefault(key, row)


def _names_nothing(sections: Sections, *, folder: Path) -> Iterator[str]:
    for name, rows in sections.items():
        for column in BY_NAME[name].columns:
            if column.names:
                known = {row.values["code"] for row in sections[column.names]}
                for row in rows:
                    named = row.values[column.name]
                    if named and named not in known:
                        files = _files(BY_NAME[column.names], folder)
                        yield row.fault(f"'{column.name}' names {named}, which {files}", key=column.name)


def _files(section: Section, folder: Path) -> str:
    names = sorted(path.name for path in folder.glob(f"{section.name}.*"))
    if not names:
        return f"no file has (there is no {section.name}.csv or {section.name}.toml)"
    return f"{' and '.join(names)} {'does' if len(names) == 1 else 'do'} not have"


SPANS = (("starts_on", "ends_on"), ("agreement_starts_on", "agreement_ends_on"))


def _ends_before_it_starts(sections: Sections) -> Iterator[str]:
    for rows in sections.values():
        for row in rows:
            for starts, ends in SPANS:
                first, last = row.values.get(starts), row.values.get(ends)
                if first and last and last < first:
                    words = f"'{ends}' ({day_words(last)}) is before '{starts}' ({day_words(first)})"
                    yield row.fault(words, key=ends)


def _public_hubs(sites: list[Row]) -> Iterator[str]:
    for site in sites:
        if site.values["kind"] == SiteKind.HUB and site.values["public"]:
            yield site.fault("a team's hub is never public: people are sent to a practice or a service", key="public")


def _teams(teams: list[Row]) -> Iterator[str]:
    before: dict[str, list[Row]] = {}
    for team in teams:
        if team.values["kind"] != NEIGHBOURHOOD_TEAM:
            continue
        neighbourhood = team.values["neighbourhood"]
        if not neighbourhood:
            yield team.fault("a neighbourhood team must say its 'neighbourhood'", key="kind")
            continue
        others = before.setdefault(neighbourhood, [])
        for other in (other for other in others if overlap(_span(other), _span(team))):
            yield team.fault(f"{neighbourhood} has another team on these days, {other.values['code']}")
        others.append(team)


def _memberships(memberships: list[Row]) -> Iterator[str]:
    before: dict[tuple[str, str], list[Row]] = {}
    for row in memberships:
        values = row.values
        others = before.setdefault((values["team"], values["practitioner"]), [])
        if any(overlap(_span(other), _span(row)) for other in others):
            yield row.fault(f"{values['practitioner']} is in {values['team']} on these days already")
        others.append(row)


def _span(row: Row) -> Span:
    return row.values["starts_on"] or date.min, row.values["ends_on"]


def _successors(successors: list[Row]) -> Iterator[str]:
    followers: dict[str, set[str]] = {}
    for row in successors:
        source, to = row.values["from"], row.values["to"]
        if source == to or source in _reached(to, followers):
            yield row.fault(f"{source} would follow itself", key="to")
        else:
            followers.setdefault(source, set()).add(to)


def _reached(start: str, followers: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for follower in followers.get(waiting.pop(), set()) - reached:
            reached.add(follower)
            waiting.append(follower)
    return reached


def _sources(sources: list[Row], *, folder: Path) -> Iterator[str]:
    for source in sources:
        values = source.values
        if values["connected"] and not (values["agreement_purpose"] and values["agreement_starts_on"]):
            words = "a connected source needs 'agreement_purpose' and 'agreement_starts_on'"
            yield source.fault(words, key="connected")
        if ("caseload" in values["asserts"]) != bool(values["relates_team"]):
            words = "'asserts' caseload and 'relates_team' belong together: whose caseload its people join"
            yield source.fault(words, key="relates_team" if values["relates_team"] else "asserts")
        if SourceFormat.CSV in values["formats"] and not values["mapping"]:
            yield source.fault("a source that sends CSV needs a 'mapping'", key="formats")
        if values["mapping"]:
            yield from _mapping(source, folder=folder)


def _mapping(source: Row, *, folder: Path) -> Iterator[str]:
    path = (folder / source.values["mapping"]).resolve()
    if not path.is_relative_to(folder.resolve()):
        yield source.fault("'mapping' leads out of the pack", key="mapping")
    elif not path.is_file():
        yield source.fault(f"'mapping' names {source.values['mapping']}, which is not there", key="mapping")
