"""Cohorts and segments: how many, then for whoever may open them and says why, who."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from locality.access.rules import DataClass
from locality.base import NotFound
from locality.base.periods import day_of
from locality.population.actions.cohorts import those_of_mine
from locality.population.queries.cohorts import cohorts_of
from locality.population.queries.copy import open_copy, pack
from locality.population.queries.kept import kept_measures
from locality.population.rules.kept import Kept, KeptCohort, may_name_people
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.measures import words
from locality.web.pages import page

LONGEST = 500
SAY_WHY = "Say what you need to see them for."


@needs("read", DataClass.WORK)
@require_GET
def cohorts(request: HttpRequest) -> HttpResponse:
    """How many people does the place mean, and how many are in each segment?"""
    kept = kept_measures(viewer=viewer_of(request))
    return page(request, "measures/cohorts.jinja", {"kept": kept, "say": words})


@needs("read", DataClass.WORK)
@require_GET
def cohort(request: HttpRequest, code: str) -> HttpResponse:
    """How many people are meant, whom does each line leave out, and where do they live?"""
    kept = kept_measures(viewer=viewer_of(request))
    return _shown(request, kept, _one(kept, code), form=Form({}))


@needs("act", DataClass.WORK)
@require_POST
def cohort_mine(request: HttpRequest, code: str) -> HttpResponse:
    """Who of them may I open?"""
    viewer = viewer_of(request)
    kept, form = kept_measures(viewer=viewer), Form(request.POST.dict())
    one, why = _one(kept, code), form.words("why", needed=SAY_WHY)[:LONGEST]
    if form.errors:
        return _shown(request, kept, one, form=form, status=422)
    with open_copy() as duck:
        meant = cohorts_of(place=pack(otherwise=str(settings.LOCALITY_PLACE or "")))[code]
        people = those_of_mine(
            duck=duck, cohort=meant, on=day_of(viewer.at), key=settings.COPY_KEY(), why=why, by=viewer
        )
    return _shown(request, kept, one, form=form, people=people)


def _one(kept: Kept | None, code: str) -> KeptCohort:
    found = next((one for one in kept.cohorts if one.code == code), None) if kept else None
    if found is None:
        raise NotFound("There is no such cohort here.")
    return found


def _shown(
    request: HttpRequest,
    kept: Kept | None,
    one: KeptCohort,
    *,
    form: Form,
    people: Sequence[object] | None = None,
    status: int = 200,
) -> HttpResponse:
    may = may_name_people(viewer_of(request))
    given = {"kept": kept, "one": one, "people": people, "may_go_back": may, "form": form, "say": words}
    return page(request, "measures/cohort.jinja", given, status=status)
