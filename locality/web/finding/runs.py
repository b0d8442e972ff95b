"""How finding people goes: figures about nobody."""

import csv
import io
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from locality.access.rules import DataClass
from locality.population.queries import runs as queries
from locality.population.queries.runs import DIMENSIONS, STAGES
from locality.population.rules.finding import WARNING, WARNING_ORIGIN
from locality.web.finding import words
from locality.web.guard import needs, viewer_of
from locality.web.pages import page

STAGE_WORDS = {"found": "Found", "reviewed": "Reviewed", "accepted": "Accepted"}


@needs("read", DataClass.WORK)
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """Whom does the place look for, and what came of it?"""
    viewer = viewer_of(request)
    found = queries.last_runs(viewer=viewer)
    given = {"runs": found, "funnel": queries.funnel(viewer=viewer)}
    return page(request, "finding/runs.jinja", given | _shared())


@needs("read", DataClass.WORK)
@require_GET
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How many were found, for which teams, and what would a list of each length have been worth?"""
    viewer = viewer_of(request)
    one = queries.run_told(viewer=viewer, run_id=run_id)
    given = {"run": one, "funnel": queries.funnel(viewer=viewer, code=one.code), "bars": words.bars(one.lengths)}
    return page(request, "finding/run.jinja", given | _shared())


@needs("read", DataClass.WORK)
@require_GET
def lengths_table(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The table of list lengths, as a file."""
    one = queries.run_told(viewer=viewer_of(request), run_id=run_id)
    head = ["people on the list", "had it happen", "value (%)", "share of all captured (%)", "to review for one"]
    rows = [
        [
            length.length,
            words.told(length.hits),
            *(words.share(part) for part in (length.value, length.captured)),
            f"{length.to_review:.1f}" if length.to_review else "",
        ]
        for length in one.lengths
    ]
    return _file(f"list-lengths-{one.code}.csv", [head, *rows])


@needs("read", DataClass.WORK)
@require_GET
def funnel_table(request: HttpRequest) -> HttpResponse:
    """What became of those found, as a file."""
    found = queries.funnel(viewer=viewer_of(request))
    rows = [
        [DIMENSIONS[of], step.name, *(words.told(one) for one in step.counts)]
        for of, steps in found.by.items()
        for step in steps
    ]
    return _file("found-reviewed-accepted.csv", [["by", "of", *STAGES], *rows])


def _shared() -> dict[str, object]:
    return {
        "say": words,
        "stages": [STAGE_WORDS[one] for one in STAGES],
        "dimensions": DIMENSIONS,
        "warning": WARNING,
        "warning_origin": WARNING_ORIGIN,
    }


def _file(name: str, rows: list[list[str]]) -> HttpResponse:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    response = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
