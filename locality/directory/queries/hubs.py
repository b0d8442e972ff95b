"""What of hubs stands in what senders wrote of services: never shown to the public, whoever wrote it."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from locality.base.words import sort_key
from locality.directory.models import Service, ServiceAt, Site
from locality.directory.rules import SiteKind

SENTENCES = ("description", "who_for", "how_to", "cost")


def kept_from_the_public() -> list[UUID]:
    """Where services are given that is no place to visit: at a site that is not public, or at a hub. Three queries.

    At a hub is what has its postcode, or names it or its street and number.
    """
    hubs = list(Site.objects.filter(kind=SiteKind.HUB))
    postcodes, told = {one.postcode for one in hubs if one.postcode}, _words_of(hubs)
    kept = Q(site__is_public=False) | Q(postcode__in=postcodes) | Q(site__postcode__in=postcodes)
    found = set(ServiceAt.objects.filter(kept).values_list("pk", flat=True))
    # the database finds what may name one; that it is all of its words, and no more of a longer one, is asked here
    may_name = Q()
    for longest in (max(words.split(), key=len) for words in told):
        may_name |= Q(name__icontains=longest) | Q(address__icontains=longest)
    rows = ServiceAt.objects.filter(may_name).exclude(pk__in=found) if told else ServiceAt.objects.none()
    for pk, name, address in rows.values_list("pk", "name", "address"):
        if _names(f"{name} {address}", told):
            found.add(pk)
    return sorted(found)


def without_hubs(rows: Iterable[Service]) -> None:
    """Empty, for the public, a telephone that is a hub's and each sentence that names one. One query."""
    hubs = list(Site.objects.filter(kind=SiteKind.HUB))
    phones, told = {_digits(one.phone) for one in hubs} - {""}, _words_of(hubs)
    for row in rows:
        if _digits(row.phone) in phones:
            row.phone = ""
        for name in SENTENCES:
            if _names(getattr(row, name), told):
                setattr(row, name, "")


def _words_of(hubs: Iterable[Site]) -> set[str]:
    return {words for one in hubs for words in (_plain(one.name), _plain(_door(one.address))) if words.strip()}


def _names(words: str, told: set[str]) -> bool:
    plain = _plain(words)
    return any(one in plain for one in told)


def _digits(typed: str) -> str:
    digits = "".join(letter for letter in typed if letter.isdigit())
    return digits.removeprefix("00").removeprefix("44").removeprefix("0")


def _door(address: str) -> str:
    # "3 Hidden Lane, Smallborough": the town alone is everybody's, and a street without a number only all of it tells
    first, _, rest = address.partition(",")
    if any(letter.isdigit() for letter in first):
        return first
    return address if rest.strip() else ""


def _plain(words: str) -> str:
    return f" {' '.join(''.join(one if one.isalnum() else ' ' for one in sort_key(words)).split())} "
