"""For everybody, without signing in: help near me, pharmacies today, and whom to ask.

What somebody looks for, and where they live, is sent in a form and never stands in an address: no log and no other
site reads it. Hubs are where teams work, and are on none of these pages.
"""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from locality.access.actions.asking import may_ask
from locality.base.periods import day_of
from locality.directory import queries as directory
from locality.directory.queries.holidays import bank_holidays
from locality.directory.queries.pharmacies import Pharmacies
from locality.directory.queries.pharmacies import pharmacies as the_pharmacies
from locality.directory.queries.services import Found, needs, search, service
from locality.directory.queries.urgent import is_urgent
from locality.directory.rules.services import ServiceAsked
from locality.web import session
from locality.web.forms import Form
from locality.web.guard import open_to_all
from locality.web.pages import page
from locality.web.place.pins import FoundMap, found_map
from locality.web.public.words import ACCESS_WORDS, AGES, CAPACITY_WORDS, WEEKDAYS, checked_words
from locality.web.words import counted

MOST = 50
WITHIN = {"1": 1.0, "3": 3.0, "5": 5.0, "10": 10.0}
LONGEST_WORDS = 200


@open_to_all
@require_http_methods(["GET", "POST"])
def find_help(request: HttpRequest) -> HttpResponse:
    """What is there near me that helps?"""
    at, form = timezone.now(), Form(request.POST.dict())
    if request.method == "POST" and not may_ask(network=session.network(request), at=at):
        return _too_often(request)
    on, known = day_of(at), needs()
    asked = _asked(form, {one.code for one in known})
    found = search(asked=asked, on=on, most=MOST) if request.method == "POST" else None
    given = {
        "answer": _answer(found),
        "found": found,
        "drawn": _drawn(found),
        "is_urgent": is_urgent(asked.words),
        "needs": [(one.code, one.name) for one in known],
        "within": [(value, f"Within {counted(int(value), 'mile')}") for value in WITHIN],
        "access": list(ACCESS_WORDS.items()),
        "ages": list(AGES.items()),
        "capacity_words": CAPACITY_WORDS,
        "checked": _checked(on),
        "form": form,
        "now": at,
    }
    return page(request, "public/find_help.jinja", given)


def _asked(form: Form, known: set[str]) -> ServiceAsked:
    need, access = form.words("need"), form.words("access")
    return ServiceAsked(
        words=form.words("words")[:LONGEST_WORDS],
        needs=[need] if need in known else [],
        near=form.words("near")[:10],
        within_miles=WITHIN.get(form.words("within")),
        free=form.words("free") == "yes",
        access=[access] if access in ACCESS_WORDS else [],
        age=int(form.words("age")) if form.words("age") in AGES else None,
        public_only=True,
    )


def _answer(found: Found | None) -> str:
    if found is None:
        return "What would help?"
    if not found.total:
        return "Nothing here answers to all of that"
    return f"{counted(found.total, 'service')} that may help"


def _drawn(found: Found | None) -> FoundMap | None:
    rows = (found.rows or found.instead) if found else []
    return found_map(rows, places={one.service.pk: one.places for one in rows})


def _checked(on: date):  # noqa: ANN202 -- a function for the template
    return lambda assured_on, phone: checked_words(assured_on, phone, on=on)


def _too_often(request: HttpRequest) -> HttpResponse:
    return page(request, "public/too_often.jinja", {}, status=429)


@open_to_all
@require_GET
def one_service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """What is this service, how do I get it, and how sure is that?"""
    at = timezone.now()
    found = service(service_id, on=day_of(at), public_only=True)
    given = {
        "found": found,
        "capacity_words": CAPACITY_WORDS,
        "access_words": ACCESS_WORDS,
        "weekdays": WEEKDAYS,
        "checked": _checked(day_of(at)),
        "holiday": bank_holidays().get(day_of(at), ""),
        "now": at,
    }
    return page(request, "public/service.jinja", given)


@open_to_all
@require_http_methods(["GET", "POST"])
def pharmacies(request: HttpRequest) -> HttpResponse:
    """Which pharmacy is open now, and which is near?"""
    at, form = timezone.now(), Form(request.POST.dict())
    if request.method == "POST" and not may_ask(network=session.network(request), at=at):
        return _too_often(request)
    near, open_now = form.words("near")[:10], form.words("open") == "yes"
    found = the_pharmacies(at=at, near=near, open_now=open_now, holidays=bank_holidays())
    given = {
        "answer": _open_words(found),
        "found": found,
        "near": near if found.near_known else "",
        "form": form,
        "now": at,
    }
    return page(request, "public/pharmacies.jinja", given)


def _open_words(found: Pharmacies) -> str:
    if found.holiday:
        return "Ring a pharmacy before you go today"
    many = sum(one.is_open for one in found.rows)
    if not many:
        return "No pharmacy here is known to be open now"
    return f"{counted(many, 'pharmacy', 'pharmacies')} {'is' if many == 1 else 'are'} open now"


@open_to_all
@require_GET
def how_it_works(request: HttpRequest) -> HttpResponse:
    """How do services work here now, and whom do I ask?"""
    at = timezone.now()
    neighbourhoods = [one.name for one in directory.neighbourhoods(day_of(at))]
    return page(request, "public/how_it_works.jinja", {"neighbourhoods": neighbourhoods, "now": at})
