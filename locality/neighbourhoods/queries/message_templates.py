"""What the place's pack offers to write, filled from the record; and to which mail domains things may go whole."""

from pathlib import Path

from locality.access.queries import Grant
from locality.access.queries.acting import known_as
from locality.base import NotFound, Refused
from locality.base.periods import day_of
from locality.base.words import date_words
from locality.directory.models import Organisation, Team
from locality.directory.pack import pack_folder, read_table
from locality.directory.queries.places import pack_of, place
from locality.neighbourhoods.rules.messages import Template, faults, filled
from locality.neighbourhoods.rules.outbox import ToKind
from locality.record.queries.identity import tells_place


def templates(*, pack: str | Path = "") -> list[Template]:
    """The templates of a pack, in its order; none where it has none. Raises PackFaults, and Refused for a bad field."""
    found = [_template(row) for row in read_table("messages", pack_folder(pack))]
    wrong = [f"messages.toml, {one.code}: {words}" for one in found for words in faults(one)]
    if wrong:
        raise Refused("; ".join(wrong))
    return found


def secure_domains(*, pack: str | Path = "") -> list[str]:
    """The mail domains to which what is said of somebody may go whole."""
    return [row["domain"].casefold().lstrip("@.") for row in read_table("secure-mail", pack_folder(pack))]


def of_place() -> tuple[list[Template], list[str]]:
    """The templates and the secure mail domains of the place; none where none is loaded, or its pack lies elsewhere."""
    try:
        pack = pack_of(place())
    except NotFound:
        return [], []
    return templates(pack=pack), secure_domains(pack=pack)


def begun(*, template: Template, grant: Grant, team: Team | None, to_name: str) -> tuple[str, str]:
    """The subject and the words of a template, with what is known of the person in it. One query."""
    known = _known(grant, team, to_name)
    return filled(template.subject, known=known), filled(template.body, known=known)


def _template(row: dict) -> Template:
    unknown = [one for one in row["to"] if one not in list(ToKind)]
    if unknown:
        raise Refused(f"messages.toml, {row['code']}: nobody is called {', '.join(unknown)}")
    to = tuple(ToKind(one) for one in row["to"])
    return Template(code=row["code"], name=row["name"], to=to, subject=row["subject"], body=row["body"])


def _known(grant: Grant, team: Team | None, to_name: str) -> dict[str, str]:
    person, viewer = grant.person, grant.viewer
    sender = Organisation.objects.filter(pk=viewer.organisation).first() if viewer.organisation else None
    return {
        "name": person.likes or known_as(person),
        "full_name": f"{person.given} {person.family}".strip(),
        "born": date_words(person.birth_on) if person.birth_on else "",
        "nhs_number": f"{person.nhs_number[:3]} {person.nhs_number[3:6]} {person.nhs_number[6:]}".strip(),
        "practice": person.practice_words if tells_place(grant) else "",
        "to_name": to_name,
        "team": team.name if team else (sender.name if sender else ""),
        "team_phone": team.phone if team else "",
        "organisation": sender.name if sender else "",
        "writer": viewer.name,
        "today": date_words(day_of(viewer.at)),
    }
