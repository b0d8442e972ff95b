"""What is typed into the questions of an assessment."""

from collections.abc import Mapping, Sequence

from django.http import QueryDict

from locality.neighbourhoods.actions.assessments import Given
from locality.neighbourhoods.queries.assessments import Asked
from locality.neighbourhoods.rules.assessments import Said, choices_of, fault
from locality.web.forms import Form

CONFIRM, ALL = "confirm", "all"


def given(posted: QueryDict, asked: Sequence[Asked]) -> dict[str, Given]:
    """The answers that were sent, by question: typed ones, and those that were confirmed as they stood."""
    confirmed, form = posted.getlist(CONFIRM), Form({name: str(posted.get(name, "")) for name in posted})
    found: dict[str, Given] = {}
    for one in asked:
        code = one.question.code
        if f"v-{code}" not in posted:
            continue
        said, version = _said(posted, form, one), form.version(f"v-{code}")
        if one.stands is not None and (one.said is None or not version):
            if code in confirmed or (ALL in confirmed and one.is_fresh):
                said = one.stands.said
            elif said == one.stands.said:
                # what was only held up to be confirmed, and was neither confirmed nor changed, is no answer
                continue
        found[code] = Given(said=said, version=version)
    return found


def faults(told: Mapping[str, Given], asked: Sequence[Asked]) -> list[tuple[str, str]]:
    """What is wrong: the id of the question's field, and words."""
    sent = [one.question for one in asked if one.question.code in told]
    found = [(question.code, fault(question, told[question.code].said)) for question in sent]
    return [(f"q-{code}", words) for code, words in found if words]


def _said(posted: QueryDict, form: Form, one: Asked) -> Said:
    code = one.question.code
    words = form.text(f"q-{code}")
    chosen = {value for value in posted.getlist(f"c-{code}") if value}
    if "able" in chosen and "unable" not in chosen:
        # whoever manages it has none of the difficulties, and there is nothing to arise from anything
        chosen = {"able"} | (chosen - choices_of(one.question))
    return Said(words=words, chosen=frozenset(chosen))
