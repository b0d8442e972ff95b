"""What an organisation was before, what it is, and what became of it: a few dated lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from locality.directory.queries import OrganisationHistory
from locality.web.place.words import span
from locality.web.words import short_day


@dataclass(frozen=True, slots=True)
class Chapter:
    """One line of the story; `said_by` is the row whose origin stands for it."""

    when: str
    organisation: Any
    words: str
    said_by: Any
    is_it: bool = False


def story(seen: OrganisationHistory, *, on: date) -> list[Chapter]:
    """Before, itself, after, and who stands there today; one line alone where nothing came before or after."""
    it = seen.organisation
    itself = Chapter(_days(it, on) or "First day not known", it, it.note, it, is_it=True)
    return [
        *(_before(link) for link in seen.followed),
        itself,
        *(_after(link, it) for link in seen.followed_by),
        *_today(seen),
    ]


def _before(link: Any) -> Chapter:
    one = link.from_organisation
    if one.ends_on and one.ends_on <= link.on:
        return Chapter(f"Until {short_day(one.ends_on - timedelta(days=1))}", one, link.note, link)
    return Chapter(short_day(link.on), one, f"Handed over part of its work. {link.note}", link)


def _after(link: Any, it: Any) -> Chapter:
    if it.ends_on and it.ends_on <= link.on:
        return Chapter(f"Since {short_day(link.on)}", link.to_organisation, link.note, link)
    return Chapter(short_day(link.on), link.to_organisation, f"Took over part of its work. {link.note}", link)


def _today(seen: OrganisationHistory) -> Iterator[Chapter]:
    told = {seen.organisation.pk, *(link.to_organisation_id for link in seen.followed_by)}
    for one in seen.standing:
        if one.pk not in told:
            yield Chapter("Today", one, "Stands where it stood.", one)


def _days(one: Any, on: date) -> str:
    return _first(span(one.starts_on, one.ends_on, on))


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
