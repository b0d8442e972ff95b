"""Somebody lived under another identity before. Said once, with care: from then on the other is there for nobody."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from locality.access import actions as access
from locality.access.actions import identity, numbers
from locality.access.rules import DataClass
from locality.record.queries.holdings import holdings
from locality.web import session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.identity import words
from locality.web.identity.asking import uuid_of
from locality.web.pages import page

KINDS = {
    "gender recognition": "Gender recognition",
    "adoption": "Adoption",
    "protection": "A new identity for protection",
}


@needs("act", DataClass.ID, fresh=True)
@require_POST
def apart(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who were they before? First found, then looked at, then said; it cannot be undone here."""
    viewer, other = viewer_of(request), uuid_of(request.POST.get("other", ""))
    if other is None:
        return _found(request, person_id)
    one, before = numbers.preview_apart(person_id=person_id, other_id=other, by=viewer)
    form = Form(request.POST.dict())
    if request.POST.get("sure") == "yes":
        kind = form.chosen("kind", {key: key for key in KINDS}, needed="Say of what kind it is.")
        reason = form.words("known", needed="Say how it is known: who told you, and what you have seen.")
        if request.POST.get("understood") != "yes":
            form.errors.append(("understood", "Tick that you understand what happens."))
        if not form.errors:
            told = {"kind": kind or "", "reason": reason}
            numbers.keep_apart(person_id=one.person.pk, earlier_id=before.person.pk, **told, by=viewer)
            # nothing here names the two together, on no page and in no address
            request.session[session.UNDO] = {"words": "It is written down, and told to nobody.", "address": ""}
            return redirect("identity_person", one.person.pk)
    ids = [record.id for found in (one, before) for record in found.records]
    given = {"about": words.about(one), "one": one, "before": before, "form": form, "kinds": list(KINDS.items())}
    given |= {"held": holdings(patients=ids, viewer=viewer), "say": words}
    return page(request, "identity/apart.jinja", given, status=422 if form.errors else 200)


def _found(request: HttpRequest, person_id: UUID) -> HttpResponse:
    viewer, typed = viewer_of(request), request.POST.get("words", "").strip()
    search = access.find(words=typed, born=None, by=viewer) if typed else None
    found = identity.open_identity(person_id=person_id, by=viewer, beside=False)
    searched = f"Looked for the {search.looked_for} \u201c{typed}\u201d. {search.hint}" if search else ""
    given = {
        "about": words.about(found),
        "found": [one for one in search.found if one.id != found.person.pk] if search else [],
        "searched": searched,
        "words": typed,
        "way": "identity_apart",
    }
    return page(request, "identity/found.jinja", given)
