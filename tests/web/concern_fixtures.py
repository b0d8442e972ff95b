"""One realistic example of what each page of concerns is given. Everyone here is invented."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from locality.base.parts import Part
from locality.record.actions.concerns import Desk
from locality.record.queries.concerns import About, Full, Raised, Receipt
from locality.record.rules import CAUSE_WORDS, KNOWS_WORDS, OUTCOME_WORDS
from locality.web.concern import forms
from locality.web.forms import Form

RING = "the safeguarding team, 0161 496 0998"
ABOUT = About(
    id=UUID(int=7),
    family="Hargreaves",
    given="Margaret",
    likes="Peggy",
    birth_on="1942-02-12",
    sex="female",
    nhs_number="9991234551",
)
WORDS = {"causes": CAUSE_WORDS, "knowing": KNOWS_WORDS, "outcomes": OUTCOME_WORDS}
WHERE = SimpleNamespace(team=SimpleNamespace(name="Adult safeguarding team"), ring=RING)


def concern_pages(*, now: datetime, about: Any) -> dict[str, tuple[str, dict]]:
    """The pages, as of a moment, with the person whose banner stands on the form."""
    on = now.date()
    raised = Raised(
        id=UUID(int=8),
        about=ABOUT,
        state="raised",
        danger=True,
        raised_at=now - timedelta(hours=3),
        due_on=on + timedelta(days=1),
        late=False,
        by_name="Sister Jo Lindley",
        by_organisation="Northern Care Alliance",
    )
    done = replace(raised, id=UUID(int=9), state="withdrawn", danger=False)
    receipt = _receipt(now)
    full = _full(raised, now)
    form = {
        "about": about,
        "mark": UUID(int=5),
        "where": WHERE,
        "danger": forms.DANGER,
        "causes": forms.CAUSES,
        "knowing": forms.KNOWS,
    }
    wrong = Form({"words": "Bruises on her arm", "cause": "family"}, errors=[("danger", "Say whether they are.")])
    late = replace(raised, id=UUID(int=10), danger=False, late=True, due_on=date(2026, 11, 2))
    shown = {"waiting": Part(total=2, page=1, most=200), "done": Part(total=120, page=2, most=50)}
    shown["receipts"] = Part(total=1, page=1, most=50)
    desk = Desk(waiting=[raised, late], done=[done], receipts=[receipt], shown=shown, new=2, in_danger=1)
    lead = {"today": on, "form": Form({}), "choices": forms.OUTCOMES, **WORDS}
    return {
        "concern_form": ("concern/form.jinja", form | {"form": Form({})}),
        "concern_form_wrong": ("concern/form.jinja", form | {"form": wrong}),
        "concern_form_nowhere": ("concern/form.jinja", form | {"form": Form({}), "where": None}),
        "concerns": ("concern/list.jinja", {"answer": "2 concerns wait to be acknowledged", "desk": desk}),
        "concerns_none": (
            "concern/list.jinja",
            {"answer": "You have raised no concern", "desk": replace(desk, waiting=[], done=[], receipts=[], new=0)},
        ),
        "concern_receipt": ("concern/receipt.jinja", {"concern": receipt, "today": on}),
        "concern_receipt_old": ("concern/receipt.jinja", {"concern": replace(receipt, words=""), "today": on}),
        "concern_lead": ("concern/lead.jinja", lead | {"concern": full}),
        "concern_closing": (
            "concern/lead.jinja",
            lead | {"concern": replace(full, acknowledged_at=now, acknowledged_by="Gwen Lacey")},
        ),
        "concern_print": ("concern/print.jinja", {"concern": full, "printed_by": "Gwen Lacey, Council", **WORDS}),
    }


def _receipt(now: datetime) -> Receipt:
    return Receipt(
        id=UUID(int=8),
        about=ABOUT,
        raised_at=now - timedelta(hours=3),
        received_by="Adult safeguarding team",
        due_on=now.date() + timedelta(days=1),
        acknowledged_at=None,
        withdrawn_at=None,
        may_withdraw=True,
        danger=True,
        words="Bruises on the inside of her arm.\nShe would not say.",
        seen_text="This morning",
        ring=RING,
    )


def _full(raised: Raised, now: datetime) -> Full:
    return Full(
        raised=raised,
        team="Adult safeguarding team",
        words="Bruises on the inside of her arm.\nShe would not say.",
        seen_text="This morning",
        knows="yes",
        cause="other",
        cause_words="A neighbour",
        by_phone="0161 496 0101",
        acknowledged_at=None,
        acknowledged_by="",
        closed_at=None,
        closed_by="",
        outcome="",
        outcome_words="",
        withdrawn_at=None,
    )
