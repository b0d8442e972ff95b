"""The forms of one service: what room it has, and what stands of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from locality.base import Viewer
from locality.directory.rules.services import CAPACITY_WORDS, Access, CapacityState
from locality.web.forms import Form

STATES = [(str(state), words) for state, words in CAPACITY_WORDS.items()]
TEXTS = ("name", "who_for", "cost", "url", "email", "phone")
LONG_TEXTS = ("description", "how_to", "access_words")
YES_NO = {"yes": True, "no": False}
MOST_LETTERS, OLDEST, LONGEST = 4000, 120, 3650


def room(form: Form) -> dict[str, Any] | None:
    """What somebody says of a service's room, or None where something of it is wrong."""
    state = form.chosen("state", {value: value for value, _ in STATES}, needed="Choose what room it has.")
    wait, places = number(form, "wait", most=LONGEST), number(form, "places", most=LONGEST)
    if wait is not None and state is not None and state != CapacityState.WAITING:
        form.errors.append(("wait", "A wait belongs to a waiting list: choose that, or leave the wait out."))
    if form.errors:
        return None
    return {
        "state": state,
        "wait_days": wait,
        "places": places,
        "assesses_first": form.words("assesses") == "yes",
        "words": form.words("words")[:MOST_LETTERS],
    }


def number(form: Form, name: str, *, most: int) -> int | None:
    """A whole number, or what is wrong with it."""
    typed = form.words(name)
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and int(typed) <= most):
        form.errors.append((name, f"Type a whole number from 0 to {most:,}."))
        return None
    return int(typed)


def filled(service: Any) -> Form:
    """The form as the service stands."""
    ages = {"min_age": service.min_age, "max_age": service.max_age}
    typed = {name: getattr(service, name) for name in (*TEXTS, *LONG_TEXTS)}
    typed |= {name: "" if age is None else str(age) for name, age in ages.items()}
    typed["free"] = {True: "yes", False: "no", None: ""}[service.is_free]
    return Form(typed)


def chosen(service: Any, sent: Mapping[str, Any]) -> dict[str, set[str]]:
    """What is ticked: what was sent, else what stands."""
    if sent:
        lists = {name: set(sent.getlist(name)) for name in ("needs", "access")}  # type: ignore[attr-defined]
        return lists | {"ticks": {name for name in ("public", "refers", "own") if sent.get(name) == "yes"}}
    ticks = {"public": service.is_public, "refers": service.takes_referrals}
    return {
        "needs": set(service.needs),
        "access": set(service.access),
        "ticks": {name for name, is_so in ticks.items() if is_so},
    }


def changed(form: Form, *, sent: Any, needs: Sequence[Any], by: Viewer, was: UUID | None) -> dict[str, Any] | None:
    """What is to stand of a service, or None where something of it is wrong."""
    form.words("name", needed="A service needs a name.")
    values: dict[str, Any] = {name: form.words(name)[:MOST_LETTERS] for name in TEXTS}
    values |= {name: form.typed.get(name, "").replace("\r\n", "\n").strip()[:MOST_LETTERS] for name in LONG_TEXTS}
    least, most = number(form, "min_age", most=OLDEST), number(form, "max_age", most=OLDEST)
    if least is not None and most is not None and most < least:
        form.errors.append(("max_age", "The oldest age is below the youngest."))
    if values["url"] and not values["url"].startswith(("https://", "http://")):
        form.errors.append(("url", "Type the whole address, with https:// before it."))
    if values["email"] and "@" not in values["email"]:
        form.errors.append(("email", "Type an address such as help@example.org."))
    if form.errors:
        return None
    known = [one.code for one in needs]
    owner = by.id if sent.get("own") == "yes" else None if was == by.id else was
    return values | {
        "min_age": least,
        "max_age": most,
        "is_free": YES_NO.get(form.words("free")),
        "needs": [code for code in known if code in sent.getlist("needs")],
        "access": [str(one) for one in Access if one in sent.getlist("access")],
        "is_public": sent.get("public") == "yes",
        "takes_referrals": sent.get("refers") == "yes",
        "owner_id": owner,
    }
