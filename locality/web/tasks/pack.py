"""The day pack: one file that opens with nothing running, to take along for when all is down."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from locality.access.rules import DataClass
from locality.base.periods import LONDON
from locality.neighbourhoods.actions.pack import make_pack
from locality.neighbourhoods.rules.pack import signed
from locality.web.guard import needs, viewer_of
from locality.web.pages import kept_file
from locality.web.tasks import forms, words
from locality.web.tasks.views import FILTERS


@needs("export", DataClass.WORK)
@require_GET
def day_pack(request: HttpRequest) -> HttpResponse:
    """What is due today, with what must be known of each person: signed, and never written to."""
    viewer = viewer_of(request)
    # whose work it is, and nothing else: what a list was narrowed to yesterday would be missing on the road today
    chosen = request.GET.dict() or request.session.get(FILTERS, {})
    asked = forms.narrowed({name: str(chosen.get(name, "")) for name in ("of", "team")}, teams=viewer.teams)
    # first: without the key that signs it nobody's name leaves
    key = settings.PACK_KEY()
    pack = make_pack(asked=asked, by=viewer)
    html = render_to_string("tasks/pack.jinja", {"pack": pack, "say": words, "now": viewer.at})
    name = f"day-pack-{viewer.at.astimezone(LONDON):%Y-%m-%d-%H%M}.html"
    return kept_file(signed(html.encode(), sign=key.sign), kind="text/html; charset=utf-8", name=name)
