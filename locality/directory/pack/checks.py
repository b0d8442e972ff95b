"""What must hold between the rows of a pack."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from locality.base.words import date_words
from locality.directory.pack.agreements import agreement_faults
from locality.directory.pack.offered import offered_faults
from locality.directory.pack.rows import Row
from locality.directory.pack.sections import BY_NAME, Section
from locality.directory.rules import (
    NEIGHBOURHOOD_TEAM,
    AboutKind,
    OrganisationKind,
    SiteKind,
    SourceFormat,
    Span,
    overlap,
)

Sections = dict[str, list[Row]]


def faults_of(sections: Sections, *, place: str, folder: Path) -> list[str]:
    """Every fault between rows that can each be read."""
    return [
        *_said_twice(sections),
        *_names_nothing(sections, folder=folder),
        *_ends_before_it_starts(sections),
        *_public_hubs(sections["sites"]),
        *_teams(sections["teams"]),
        *_at_once(sections["memberships"], ("practitioner", "team"), "is in"),
        *_at_once(sections["affiliations"], ("member", "body", "role"), "belongs to"),
        *_at_once(sections["practices"], ("practice",), "has a neighbourhood"),
        *_belongs_to_itself(sections["affiliations"]),
        *_networks(sections),
        *_practices(sections, folder=folder),
        *_figures(sections, place=place, folder=folder),
        *_boundaries(sections),
        *_successors(sections["successors"]),
        *_safeguarding(sections),
        *_sources(sections["sources"], folder=folder),
        *agreement_faults(sections),
        *offered_faults(sections),
    ]


def neighbourhoods_of_areas(sections: Sections) -> dict[str | None, str | None]:
    """Where each ward and small area lies, by code: an area where its ward lies, unless its own row says otherwise."""
    lies = {row.values["code"]: row.values["neighbourhood"] for row in sections["wards"]}
    of_areas = ((row.values["code"], neighbourhood_of(row, lies)) for row in sections["areas"])
    return {None: None} | lies | dict(of_areas)


def neighbourhood_of(row: Row, lies: dict[str | None, str | None]) -> str | None:
    """Where a small area or postcode lies: where it says, else its small area, else its ward."""
    return row.values["neighbourhood"] or lies.get(row.values.get("lsoa") or row.values["ward"])


def _said_twice(sections: Sections) -> Iterator[str]:
    for name, rows in sections.items():
        section = BY_NAME[name]
        first: dict[tuple[object, ...], Row] = {}
        for row in rows:
            key = tuple(row.values[column] for column in section.key)
            if key in first:
                words = f"{section.singular} {' '.join(str(part) for part in key)}"
                yield row.fault(f"{words} {_twice_words(row, first[key], sections)}")
            first.setdefault(key, row)


def _twice_words(row: Row, before: Row, sections: Sections) -> str:
    where = f"{before.file} line {before.line}"
    if "lsoa" in row.values:
        lies = neighbourhoods_of_areas(sections)
        one, other = (neighbourhood_of(each, lies) for each in (before, row))
        if one != other:
            return f"is in two neighbourhoods: {other} here, {one} on {where}. Keep the line that is right"
    return f"is there already ({where}): keep one of the two lines"


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
    names = sorted(path.name for path in _paths(section, folder))
    if not names:
        return f"no file has (there is no {section.name}.csv or {section.name}.toml)"
    return f"{' and '.join(names)} {'does' if len(names) == 1 else 'do'} not have"


def _ends_before_it_starts(sections: Sections) -> Iterator[str]:
    for rows in sections.values():
        for row in rows:
            first, last = row.values.get("starts_on"), row.values.get("ends_on")
            if first and last and last < first:
                words = (
                    f"'ends_on' ({date_words(last)}) is before 'starts_on' ({date_words(first)}): "
                    "write a day after it, or leave 'ends_on' out while it still holds"
                )
                yield row.fault(words, key="ends_on")


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


def _at_once(rows: list[Row], names: tuple[str, ...], does: str) -> Iterator[str]:
    """Two rows about the same thing on the same days, where there can be only one."""
    before: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = tuple(row.values[name] for name in names)
        others = before.setdefault(key, [])
        for other in (other for other in others if overlap(_span(other), _span(row))):
            words = " ".join([key[0], does, *key[1:2], "on these days already"])
            yield row.fault(f"{words} ({other.file} line {other.line}): give the earlier one an 'ends_on'")
            break
        others.append(row)


def _belongs_to_itself(affiliations: list[Row]) -> Iterator[str]:
    for row in affiliations:
        if row.values["member"] == row.values["body"]:
            yield row.fault(f"{row.values['member']} would belong to itself", key="body")


def _networks(sections: Sections) -> Iterator[str]:
    kinds = {row.values["code"]: row.values["kind"] for row in sections["organisations"]}
    in_networks = [
        row
        for row in sections["affiliations"]
        if kinds.get(row.values["member"]) == OrganisationKind.PRACTICE
        and kinds.get(row.values["body"]) == OrganisationKind.PRIMARY_CARE_NETWORK
    ]
    yield from _at_once(in_networks, ("member",), "is in a network")


def _practices(sections: Sections, *, folder: Path) -> Iterator[str]:
    """An open practice must have a neighbourhood, and that a team: else nobody answers for those on its list."""
    practices = [row for row in sections["organisations"] if row.values["kind"] == OrganisationKind.PRACTICE]
    codes = {row.values["code"] for row in practices}
    looked_after = {row.values["practice"] for row in sections["practices"] if row.values["ends_on"] is None}
    for row in practices:
        code = row.values["code"]
        if row.values["ends_on"] is None and code not in looked_after:
            file = _file(BY_NAME["practices"], folder)
            yield row.fault(f"the practice {code} has no neighbourhood: write its code and a neighbourhood's in {file}")
    teams = {row.values["neighbourhood"] for row in sections["teams"] if row.values["kind"] == NEIGHBOURHOOD_TEAM}
    for row in sections["practices"]:
        practice, neighbourhood = row.values["practice"], row.values["neighbourhood"]
        if practice not in codes:
            yield row.fault(f"{practice} is not an organisation of the kind practice", key="practice")
        if neighbourhood not in teams:
            words = f"no team answers for the practice {practice}: give {neighbourhood} a team of the kind"
            file = _file(BY_NAME["teams"], folder)
            yield row.fault(f"{words} {NEIGHBOURHOOD_TEAM} in {file}", key="neighbourhood")


def _file(section: Section, folder: Path) -> str:
    return next((path.name for path in sorted(_paths(section, folder))), f"{section.name}.csv")


def _paths(section: Section, folder: Path) -> list[Path]:
    # the outlines of a section's rows stand in a file of the same name
    return [path for path in folder.glob(f"{section.name}.*") if path.suffix != ".geojson"]


ABOUT = {
    AboutKind.NEIGHBOURHOOD: "neighbourhoods",
    AboutKind.WARD: "wards",
    AboutKind.AREA: "areas",
    AboutKind.ORGANISATION: "organisations",
}


def _codes(sections: Sections, *, place: str) -> dict[str, set[str]]:
    codes = {str(kind): {row.values["code"] for row in sections[name]} for kind, name in ABOUT.items()}
    return codes | {str(AboutKind.PLACE): {place}}


def _figures(sections: Sections, *, place: str, folder: Path) -> Iterator[str]:
    codes = _codes(sections, place=place)
    series = {row.values["code"]: row.values for row in sections["series"]}
    for row in sections["figures"]:
        said = series.get(row.values["series"])
        if said is None:
            continue
        about, kind = row.values["about"], said["about_kind"]
        if about not in codes[kind]:
            meant = _files(BY_NAME[ABOUT[kind]], folder) if kind in ABOUT else f"is not the place itself: write {place}"
            yield row.fault(f"'about' names {about}, which {meant}", key="about")
        if said["unit"] == "pence" and row.values["value"] % 1:
            yield row.fault("'value' must be whole pence", key="value")


def _boundaries(sections: Sections) -> Iterator[str]:
    codes = _codes(sections, place="")
    for row in sections["boundaries"]:
        about, kind = row.values["about"], row.values["about_kind"]
        if about not in codes[kind]:
            yield row.fault(f"there is no {kind} {about}")


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


def _safeguarding(sections: Sections) -> Iterator[str]:
    leads = {row.values["code"]: row.values["lead_organisation"] for row in sections["teams"]}
    for row in sections["safeguarding"]:
        team, deputy = row.values["team"], row.values["deputy"]
        if team in leads and deputy in leads and leads[team] == leads[deputy]:
            words = f"'deputy' names {deputy}, which {leads[deputy]} leads, as it does {team}"
            yield row.fault(f"{words}: name a team that another organisation leads", key="deputy")


def _sources(sources: list[Row], *, folder: Path) -> Iterator[str]:
    for source in sources:
        values = source.values
        if values["relates_team"] and "caseload" not in values["asserts"]:
            words = "'relates_team' says whose caseload its people join, so 'asserts' has to hold caseload"
            yield source.fault(words, key="relates_team")
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
