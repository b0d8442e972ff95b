"""Flag and DetectedIssue: what everyone must know before they start."""

from locality.record.headlines.line import Line, encounter_of, period_of, sentence, who
from locality.record.headlines.marks import marks
from locality.record.headlines.shapes import Detail, Topic
from locality.record.headlines.values import value_words
from locality.record.headlines.when import period_words
from locality.record.headlines.words import codes_of, concept, concept_words, plain, references_words

# categories whose code says more than their words: BaRS and the national reasonable adjustment flag
ADJUSTMENT_CODES = {"RA", "NRAF"}


def line(resource: dict) -> Line:
    said = concept(resource.get("code"))
    category = concept_words(resource.get("category"))
    starts, ends = period_of(resource.get("period"))
    return Line(
        topic=Topic.COMMUNICATION if about_communication(resource, said.words, category) else Topic.ALERT,
        concept=said,
        value=category if category.lower() != said.words.lower() else "",
        starts=starts,
        ends=ends,
        status=resource.get("status") or "",
        by=who(resource, "author"),
        encounter=encounter_of(resource),
        hint=category,
        dated=False,
    )


def about_communication(resource: dict, title: str, category: str) -> bool:
    said = (marks(title), marks(category))
    if any(one.safeguarding for one in said):
        return False
    named = any(one.communication or one.communication_flag for one in said)
    return named or bool(codes_of(resource.get("category")) & ADJUSTMENT_CODES)


def detail(resource: dict) -> Detail:
    return Detail(
        lines=[
            ("Kind", concept_words(resource.get("category"))),
            ("Holds", period_words(resource.get("period"))),
            ("Written by", who(resource, "author")),
            ("Status", resource.get("status") or ""),
        ]
    )


def issue_line(resource: dict) -> Line:
    said = concept(resource.get("code"))
    about = plain(resource.get("detail"))
    starts, ends = period_of(resource.get("identifiedPeriod"))
    severity = resource.get("severity") or ""
    return Line(
        topic=Topic.ALERT,
        concept=said,
        title=said.words or about or "Possible problem found",
        value=sentence(f"{severity} severity" if severity else "", about if said.words else ""),
        starts=resource.get("identifiedDateTime") or starts,
        ends=ends,
        status=resource.get("status") or "",
        by=who(resource, "author"),
    )


def issue_detail(resource: dict) -> Detail:
    done = [concept_words(one.get("action")) for one in resource.get("mitigation") or ()]
    return Detail(
        lines=[
            ("About", plain(resource.get("detail"))),
            ("Between", references_words(resource.get("implicated"), resource)),
            ("Severity", resource.get("severity") or ""),
            ("Found", value_words(resource, "identified")),
            ("Done about it", sentence(*done)),
            ("Status", resource.get("status") or ""),
        ]
    )
