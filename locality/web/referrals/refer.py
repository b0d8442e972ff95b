"""Referring somebody: to whom, what is asked, and what of the record goes with it."""

import secrets
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.neighbourhoods.actions import offers, referral_links, referrals
from locality.neighbourhoods.actions.referral_links import NewLink
from locality.neighbourhoods.actions.referrals import AskedBefore
from locality.neighbourhoods.queries import names, referral_facts, referral_receivers
from locality.neighbourhoods.queries.referral_clocks import clocks
from locality.neighbourhoods.queries.referral_facts import HEADINGS, Known
from locality.neighbourhoods.queries.referral_receivers import Receiver, ReceiverKind
from locality.record.queries import face
from locality.record.queries.shapes import Face
from locality.web import refusals, session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.referrals import forms, words

NOBODY_HERE = "Nobody of {name} signs in here, so nobody would read it: send it by a link."
OF_THE_RECORD = (
    "That number stands in the record, and by a link nothing of the record goes. Say below that they agreed to it, or "
    "leave this empty: they are then reached through you."
)


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Whom do you ask for what, for them?"""
    viewer = viewer_of(request)
    typed = {**request.GET.dict(), **request.POST.dict()}
    form = Form({name: value for name, value in typed.items() if isinstance(value, str)})
    grant = open_record(person_id=person_id, by=viewer)
    about = face(grant=grant, at=viewer.at)
    if not form.typed.get("to"):
        return _to_whom(request, form, about)
    to = referral_receivers.receiver(form.typed["to"], on=day_of(viewer.at))
    known = referral_facts.known_of(grant=grant, at=viewer.at)
    if request.method == "GET":
        return _page(request, _filled(form, about, to, known, viewer=viewer), to, known, about)
    asked = forms.new(form, to=to, known=known, viewer=viewer)
    if not _may_go(form, about, to, viewer=viewer) or asked is None:
        return _page(request, form, to, known, about)
    try:
        made = _sent(form, asked, grant, viewer=viewer)
    except AskedBefore as before:
        refusals.write_down(request, before)
        form.errors.append(("all_the_same", str(before)))
        return _page(request, form, to, known, about, before=before)
    except Refused as refused:
        refusals.write_down(request, refused)
        is_link = str(refused) == referral_links.SAY_WHO
        form.errors.append(("link_address" if is_link else "asked", str(refused)))
        return _page(request, form, to, known, about)
    said = f"Sent to {to.name}. Who looks after them has not changed."
    request.session[session.UNDO] = {"words": said, "address": reverse("referral_unsent", args=[made])}
    return redirect("referral", made)


def _may_go(form: Form, about: Face, to: Receiver, *, viewer: Viewer) -> bool:
    """Whether it can be answered the way that was chosen, and nothing of the record goes by a link unasked."""
    if form.typed.get("how") != "link":
        if not _answers_here(to, viewer):
            form.errors.append(("how", NOBODY_HERE.format(name=to.name)))
    elif _digits(form.words("contact")) == _digits(about.phone) != "" and not form.typed.get("contact_agreed"):
        form.errors.append(("contact", OF_THE_RECORD))
    return not form.errors


def _answers_here(to: Receiver, viewer: Viewer) -> bool:
    return to.kind == ReceiverKind.TEAM or names.answers_here(to.organisation, on=day_of(viewer.at))


def _digits(words: str) -> str:
    return "".join(letter for letter in words if letter.isdigit())


def _sent(form: Form, asked: referrals.NewReferral, grant: Grant, *, viewer: Viewer) -> UUID:
    link = link_of(form) if form.typed.get("how") == "link" else None
    offer = _id(form.typed.get("offer", ""))
    if offer is not None:
        return offers.refer_for(offer=offer, new=asked, link=link, grant=grant, by=viewer).pk
    if link is None:
        return referrals.refer(new=asked, grant=grant, by=viewer).pk
    return referral_links.refer_by_link(new=asked, link=link, grant=grant, by=viewer).pk


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def link_of(form: Form) -> NewLink:
    """To whom a link goes, with a secret of its own."""
    return NewLink(
        to_name=form.words("link_name")[:100],
        to_address=form.words("link_address")[:200],
        token=secrets.token_urlsafe(32),
        # from the settings, never from a request: whoever asks does not choose where the link leads
        address=lambda token: settings.LOCALITY_URL + reverse("referral_follow", args=[token]),
    )


def _filled(form: Form, about: Face, to: Receiver, known: list[Known], *, viewer: Viewer) -> Form:
    """What is known fills in; how they can be reached is not, where that is protected, nor what would go by a link."""
    usual = {f"fact.{key}": "on" for key in referral_facts.usual(known, is_charity=to.is_charity)}
    how = "link" if (to.is_charity and to.email) or not _answers_here(to, viewer) else "here"
    reach = "" if about.protected or how == "link" else about.phone
    link = {"how": how, "link_name": to.name, "link_address": to.email}
    return Form({**usual, "contact": reach, **link, **form.typed})


def _to_whom(request: HttpRequest, form: Form, about: Face) -> HttpResponse:
    asked = " ".join(form.typed.get("q", "").split())[:100]
    on = day_of(viewer_of(request).at)
    found = referral_receivers.receivers(words=asked, on=on)
    given = {
        "about": about,
        "asked": asked,
        "found": found,
        # nothing found: whom one could mean instead
        "others": referral_receivers.receivers(words="", on=on) if asked and not found else [],
        "from_what": form.typed.get("from", ""),
    }
    return page(request, "referrals/to.jinja", given)


def _page(
    request: HttpRequest,
    form: Form,
    to: Receiver,
    known: list[Known],
    about: Face,
    *,
    before: AskedBefore | None = None,
) -> HttpResponse:
    viewer = viewer_of(request)
    named = names.team_names(on=day_of(viewer.at))
    grouped = [
        (heading, [one for one in known if one.kind == kind])
        for kind, heading in HEADINGS.items()
        if any(one.kind == kind for one in known)
    ]
    given = {
        "about": about,
        "form": form,
        "to": to,
        "facts": grouped,
        "before": before.before if before else (),
        "urgencies": forms.URGENT,
        "agreed": forms.AGREED,
        "how": forms.HOW,
        "teams": sorted((str(one), named.get(one, "")) for one in viewer.teams),
        "clock_words": words.clock_words(clocks().hours),
        "say": words,
    }
    return page(request, "referrals/new.jinja", given, status=422 if form.errors else 200)
