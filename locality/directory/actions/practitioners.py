"""Staff who come, move and go."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from locality.base import Refused, Viewer
from locality.base.words import date_words, sort_key
from locality.directory.actions.wanted import row_id
from locality.directory.models import Organisation, Place, Practitioner, Team, TeamMembership
from locality.directory.rules import code_of, holds, overlap
from locality.journal.actions import log


@transaction.atomic
def add_practitioner(
    *,
    place: Place,
    code: str,
    given: str,
    family: str,
    profession: str,
    origin: str,
    by: Viewer,
    prefix: str = "",
    registration: str = "",
    phone: str = "",
    employer: Organisation | None = None,
) -> Practitioner:
    """Add someone who works with people; refuse a code that is taken or is none."""
    code = code_of(code)
    if not (given.strip() and family.strip() and profession.strip()):
        raise Refused("A practitioner needs a given name, a family name and a profession.")
    if Practitioner.objects.filter(place=place, code=code).exists():
        raise Refused(f"There is already a practitioner with the code '{code}'.")
    practitioner = Practitioner.objects.create(
        id=row_id(place.code, "practitioners", code),
        place=place,
        code=code,
        prefix=prefix.strip(),
        given=given.strip(),
        family=family.strip(),
        sort_key=sort_key(f"{family} {given}"),
        profession=profession.strip(),
        registration=registration.strip(),
        phone=phone.strip(),
        employer=employer,
        origin=origin,
    )
    log(what="practitioner.add", by=by, about=practitioner.pk, detail={"code": code})
    return practitioner


DETAILS = ("prefix", "given", "family", "profession", "registration", "phone")


@transaction.atomic
def change_practitioner(
    *, practitioner: Practitioner, details: Mapping[str, str], employer: Organisation | None, by: Viewer
) -> bool:
    """Correct who a practitioner is: names, profession, registration, telephone, employer. True if any differed."""
    row = Practitioner.objects.select_for_update(of=("self",)).get(pk=practitioner.pk)
    said: dict[str, Any] = {name: words.strip() for name, words in details.items() if name in DETAILS}
    said["employer_id"] = employer.pk if employer else None
    differing = [name for name, value in said.items() if getattr(row, name) != value]
    if not differing:
        return False
    for name in differing:
        setattr(row, name, said[name])
    if not (row.given and row.family and row.profession):
        raise Refused("A practitioner needs a given name, a family name and a profession.")
    row.sort_key = sort_key(f"{row.family} {row.given}")
    row.save(update_fields=[*differing, "sort_key"])
    log(what="practitioner.change", by=by, about=row.pk, detail={"code": row.code, "changed": differing})
    return True


@transaction.atomic
def join_team(
    *,
    practitioner: Practitioner,
    team: Team,
    employer: Organisation,
    post: str,
    starts_on: date,
    by: Viewer,
    ends_on: date | None = None,
) -> TeamMembership:
    """Put a practitioner into a team from a day; refuse days on which they are in it already."""
    place = practitioner.place
    # Two administrators may add the same person at once: the second must see what the first did.
    Practitioner.objects.select_for_update().get(pk=practitioner.pk)
    if ends_on is not None and ends_on <= starts_on:
        raise Refused("The last day in a team must come after the first.")
    if not holds(starts_on=team.starts_on, ends_on=team.ends_on, on=starts_on):
        raise Refused(f"{team.name} is not there on {date_words(starts_on)}.")
    membership = TeamMembership(
        id=row_id(place.code, "memberships", team.code, practitioner.code, starts_on.isoformat()),
        team=team,
        practitioner=practitioner,
        employer=employer,
        post=post.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    again = _is_taken_up_again(membership)
    membership.save(force_insert=not again, force_update=again)
    log(
        what="team.join",
        by=by,
        about=membership.pk,
        detail={"team": team.code, "practitioner": practitioner.code, "starts_on": starts_on.isoformat()},
    )
    return membership


def _is_taken_up_again(membership: TeamMembership) -> bool:
    """Whether this was ended on its first day, and so has the same id; refused on days in the team already."""
    who, team = membership.practitioner, membership.team
    others = list(TeamMembership.objects.filter(practitioner=who, team=team))
    for other in others:
        if overlap((membership.starts_on, membership.ends_on), (other.starts_on, other.ends_on)):
            raise Refused(f"{who.name} is already in {team.name} from {date_words(other.starts_on)}.")
    return any(other.pk == membership.pk for other in others)


@transaction.atomic
def leave_team(*, membership: TeamMembership, ends_on: date, by: Viewer) -> TeamMembership:
    """End a practitioner's time in a team: `ends_on` is the first day on which they are no longer in it."""
    membership = TeamMembership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if membership.ends_on is not None:
        raise Refused(f"This already ended on {date_words(membership.ends_on)}.")
    if ends_on < membership.starts_on:
        raise Refused(f"This cannot end before it began on {date_words(membership.starts_on)}.")
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    log(what="team.leave", by=by, about=membership.pk, detail={"ends_on": ends_on.isoformat()})
    return membership


@transaction.atomic
def change_end(*, membership: TeamMembership, ends_on: date | None, by: Viewer) -> TeamMembership:
    """Give a practitioner's time in a team another end, or none: an end that comes sooner, or one that is taken back.

    An end on its first day undoes it: there never was such a day. Refused where it would meet another time in the team.
    """
    membership = TeamMembership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if ends_on is not None and ends_on < membership.starts_on:
        raise Refused(f"This cannot end before it began on {date_words(membership.starts_on)}.")
    others = TeamMembership.objects.filter(practitioner=membership.practitioner_id, team=membership.team_id)
    for other in others.exclude(pk=membership.pk):
        if overlap((membership.starts_on, ends_on), (other.starts_on, other.ends_on)):
            raise Refused(f"They are in this team again from {date_words(other.starts_on)}: change that first.")
    was, membership.ends_on = membership.ends_on, ends_on
    membership.save(update_fields=["ends_on"])
    detail = {"was": was.isoformat() if was else None, "ends_on": ends_on.isoformat() if ends_on else None}
    log(what="team.end-changed", by=by, about=membership.pk, detail=detail)
    return membership
