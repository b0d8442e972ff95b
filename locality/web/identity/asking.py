"""What an address or a form of these pages asks for, read forgivingly."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from locality.people.queries.review import Wanted
from locality.web.identity.words import AGES, fields_of


def wanted_of(asked: Mapping[str, str]) -> Wanted:
    """Which doubts are asked for; what is not known counts as not asked."""
    age = asked.get("age", "")
    return Wanted(
        source=asked.get("source", ""),
        neighbourhood=asked.get("neighbourhood", ""),
        reason=asked.get("why", ""),
        age=age if age in AGES else "",
        unsure=asked.get("unsure", "") == "yes",
    )


def query_of(wanted: Wanted) -> str:
    """The same as the end of an address: `?source=gp`, or nothing."""
    fields = fields_of(wanted)
    return f"?{urlencode(fields)}" if fields else ""


def back_to(request: HttpRequest) -> str:
    """Where somebody goes on after undoing: the pair or the person it was about, else the list of decisions."""
    for name, route in (("pair", "identity_pair"), ("person", "identity_person")):
        found = uuid_of(request.GET.get(name, ""))
        if found is not None:
            return reverse(route, args=[found])
    return reverse("identity_decisions")


def uuid_of(words: str) -> UUID | None:
    """An id as an address writes it."""
    try:
        return UUID(words)
    except ValueError:
        return None


def uuids_of(words: list[str]) -> list[UUID]:
    """The ids among these."""
    return [found for one in words if (found := uuid_of(one)) is not None]
