"""Every id in every address and form of what a viewer was shown, replaced by somebody else's."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from django.db import connection
from django.urls import Resolver404, resolve, reverse

from tests.proof.routes import ABSENT, Ask
from tests.proof.world import World

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass
class Form:
    """A form or a link as it stands on a page."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(told.get("action", ""), told.get("method", "get").upper()))
        elif tag in ("input", "button", "textarea", "select") and told.get("name") and self.found:
            self.found[-1].fields.setdefault(told["name"], told.get("value", ""))
        for name in ("href", "hx-get", "hx-post"):
            if told.get(name, "").startswith("/"):
                self.found.insert(0, Form(told[name], "POST" if name == "hx-post" else "GET"))


def forms_on(page: str) -> list[Form]:
    """Every form and link of a page; what a form is filled with by hand is filled in."""
    reader = _Reader()
    reader.feed(page)
    return reader.found


FILLED = {"reason": "Because", "words": "Because", "why": "emergency", "kind": "sharing", "conflict": "declared"}


def asked_by(form: Form) -> Ask | None:
    """A form as a request of its own, filled in where somebody would fill it in; nothing for other sites' addresses."""
    parts = urlsplit(form.action)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    fields = {
        name: FILLED.get(name, value) if not UUIDS.fullmatch(value) else value for name, value in form.fields.items()
    }
    fields.pop("csrfmiddlewaretoken", None)
    return Ask(match.url_name or "", parts.path, match.kwargs, form.method, dict(parse_qsl(parts.query)) | fields)


@dataclass(frozen=True)
class Others:
    """Ids that are not for this viewer: another person, their lines, what is hidden of one's own."""

    people: tuple[UUID, ...]
    lines: tuple[UUID, ...]
    rows: tuple[UUID, ...]


def swapped(asks: Iterable[Ask], others: Others) -> Iterator[Ask]:
    """Each request again for each of its ids, with that one replaced; and with the person replaced everywhere."""
    seen = set()
    for one in asks:
        for changed in _changed(one, others):
            mark = (changed.route, changed.path, changed.method, tuple(sorted(changed.data.items())))
            if mark not in seen:
                seen.add(mark)
                yield changed


def _changed(one: Ask, others: Others) -> Iterator[Ask]:
    for name, value in one.kwargs.items():
        if isinstance(value, UUID):
            yield from (_readdressed(one, {name: other}) for other in _instead(name, others))
        elif isinstance(value, int):
            yield _readdressed(one, {name: value + 7})
    if "person_id" in one.kwargs:
        yield from _of_others(one, others)
    for name, value in one.data.items():
        if UUIDS.fullmatch(str(value)) and name != "form":
            yield from (replace(one, data=one.data | {name: str(other)}) for other in _instead(name, others))


def _of_others(one: Ask, others: Others) -> Iterator[Ask]:
    """A form made to fit: the person changed in the address and in the form alike, and the line with them."""
    for other in others.people:
        for line in others.lines if "thing" in one.kwargs else (None,):
            told = _readdressed(one, {"person_id": other} | ({"thing": line} if line else {}))
            yield replace(told, data=told.data | ({"about": str(other)} if "about" in told.data else {}))


def _instead(name: str, others: Others) -> tuple[UUID, ...]:
    if name in ("person_id", "about", "other"):
        return (*others.people, ABSENT)
    return (*(others.lines if name == "thing" else others.rows), ABSENT)


def _readdressed(one: Ask, changed: dict[str, Any]) -> Ask:
    kwargs = one.kwargs | changed
    return replace(one, path=reverse(one.route, kwargs=kwargs), kwargs=kwargs)


def everything_held() -> dict[str, str]:
    """A digest of every table but the audit and the sessions, in one question."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select format('%I.%I', schemaname, tablename), tablename from pg_tables where schemaname = 'public'"
            " and tablename not like 'journal_event%%' and tablename <> 'django_session' order by 1"
        )
        tables = cursor.fetchall()
        digest = "select '{1}', coalesce(md5(string_agg(md5(one::text), '' order by one::text)), '') from {0} one"
        cursor.execute(" union all ".join(digest.format(*table) for table in tables))
        return dict(cursor.fetchall())


def of(world: World, *keys: str) -> tuple[UUID, ...]:
    return tuple(world.people[key].person for key in keys)
