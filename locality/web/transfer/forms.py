"""What is typed about a move."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from locality.directory import queries as directory
from locality.neighbourhoods.actions.transfers import NewTransfer
from locality.neighbourhoods.queries.transfers import Offered
from locality.web.forms import Form
from locality.web.team.forms import whole


def organisations(form: Form, *, on: Any) -> dict[str, Any]:
    """Organisations by their code, for choosing."""
    return {one.code: one for one in directory.organisations_on(on)}


def ticked(request: HttpRequest, name: str, known: Mapping[str, UUID]) -> tuple[UUID, ...]:
    """Those of what was offered that were ticked; what nobody offered is left out."""
    return tuple(known[one] for one in request.POST.getlist(name) if one in known)


def new(request: HttpRequest, form: Form, *, from_: Any, known: Mapping[str, Any], told: Offered) -> NewTransfer | None:
    """What is to move; nothing where something is missing, which the form then says."""
    to = form.chosen("to", known, needed="Choose to which organisation.")
    on = form.day("on", needed="Type the day on which it moves.")
    why = whole(form, "why", needed="Say why it moves, in a few words.")
    teams = ticked(request, "team", {str(one[0]): one[0] for one in told.teams})
    services = ticked(request, "service", {str(pk): pk for pk, _ in told.services})
    if not (teams or services):
        form.errors.append(("team", "Tick at least one team or service."))
    if form.errors or to is None or on is None:
        return None
    return NewTransfer(
        from_organisation=from_.pk, to_organisation=to.pk, on=on, why=why, teams=teams, services=services
    )
