"""`locality migrate`, `load-pack`, `add-practitioner`: the database, the place, the first administrator."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from locality.base import Refused, Viewer, system
from locality.base.periods import day_of
from locality.cli import edge

SHORTEST_PASSWORD = 12


@edge.says_it_clearly
def migrate() -> None:
    """Make the database ready for this version of Locality; safe to repeat."""
    edge.start_django()
    from locality.config import database

    database.migrate()
    from locality.people.queries.behind import behind

    edge.people.print("The database is ready.")
    for words in behind():
        edge.people.print(words, markup=False)


@edge.says_it_clearly
def load_pack(
    pack: Annotated[str, typer.Argument(help="A pack's name or folder; the default pack without one.")] = "",
    as_json: bool = edge.Json,
) -> None:
    """Load a place: its organisations, teams, neighbourhoods and sources; safe to repeat."""
    edge.with_database()
    from django.conf import settings
    from django.db import transaction

    from locality.directory.actions import load_pack as load
    from locality.directory.actions.feeds import take_in_pack
    from locality.neighbourhoods.queries.offers import offers
    from locality.population.actions.criteria import load_criteria
    from locality.population.queries.pack_words import check_measured

    named = pack or settings.LOCALITY_PLACE
    folder, by = Path(named) if named and Path(named).is_dir() else named, system(at=edge.now())
    with transaction.atomic():
        loaded = load(pack=folder, by=by)
        criteria = load_criteria(pack=folder, by=by)
        check_measured(pack=folder)
        offers(pack=folder)
        listed = take_in_pack(pack=folder, by=by)
    if as_json:
        edge.line(place=loaded.place, **loaded.detail, criteria={"count": criteria.total, "new": criteria.new})
    else:
        edge.people.print(loaded.sentence, markup=False)
        if criteria.new:
            edge.people.print(f"Criteria by which people are found: {', '.join(criteria.new)}.", markup=False)
        for one in listed:
            if any(one.counts[name] for name in ("added", "changed", "ended", "refused")):
                edge.people.print(one.sentence, markup=False)


@edge.says_it_clearly
def add_practitioner(
    username: Annotated[str, typer.Argument(help="The name to sign in with.")],
    given: Annotated[str, typer.Option(help="Given name.")],
    family: Annotated[str, typer.Option(help="Family name.")],
    organisation: Annotated[str, typer.Option(help="The employer's code, from the pack.")],
    role: Annotated[str, typer.Option(help="What they work as; the first one is usually the administrator.")] = (
        "administrator"
    ),
    profession: Annotated[str, typer.Option(help="In words: district nurse, social worker.")] = "Administrator",
    team: Annotated[list[str], typer.Option(help="A team's code; may be repeated.")] = [],  # noqa: B006 -- typer's way
    starts_on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; today.")] = None,
    password: Annotated[str, typer.Option(envvar="LOCALITY_PASSWORD", help="Asked for when not given.")] = "",
) -> None:
    """Add a practitioner with an account, a role and teams: the first administrator, and staff one by one."""
    edge.with_database()
    password = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"A password has at least {SHORTEST_PASSWORD} characters.")
    by = system(at=edge.now())
    name = _add(
        username=username,
        password=password,
        names=(given, family),
        employed=(organisation, role, profession),
        teams=team,
        starts_on=starts_on.date() if starts_on else day_of(by.at),
        by=by,
    )
    edge.people.print(f"{name} can sign in as {username}.", markup=False)


def _add(
    *,
    username: str,
    password: str,
    names: tuple[str, str],
    employed: tuple[str, str, str],
    teams: list[str],
    starts_on: date,
    by: Viewer,
) -> str:
    from django.db import transaction

    from locality.access import actions as access
    from locality.directory import actions, queries

    code, role, profession = employed
    with transaction.atomic():
        employer = queries.organisation(code)
        practitioner = actions.add_practitioner(
            place=queries.place(),
            code=username,
            given=names[0],
            family=names[1],
            profession=profession,
            employer=employer,
            origin="add-practitioner",
            by=by,
        )
        access.add_role(practitioner=practitioner, organisation=employer, code=role, starts_on=starts_on, by=by)
        for one in teams:
            actions.join_team(
                practitioner=practitioner,
                team=queries.team(one),
                employer=employer,
                post=profession,
                starts_on=starts_on,
                by=by,
            )
        access.add_account(username=username, password=password, practitioner=practitioner, by=by)
    return practitioner.name
