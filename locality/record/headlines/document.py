"""Documents and reports: DocumentReference, Composition, DiagnosticReport, Media, DocumentManifest, ImagingStudy."""

import html

from locality.record.headlines.about_me import pairs_of_sections
from locality.record.headlines.line import Line, encounter_of, period_of, sentence, when_of, who
from locality.record.headlines.observation import part, part_words
from locality.record.headlines.shapes import Attachment, Detail, Part, State, Topic
from locality.record.headlines.states import state_of
from locality.record.headlines.values import value_words
from locality.record.headlines.when import date_words, period_words
from locality.record.headlines.words import (
    annotation_words,
    concept,
    concept_words,
    contained,
    plain,
    reference_words,
    references_words,
)

NOT_FINAL = "Not final: it may change."


def attachment(sent: dict) -> Attachment:
    inline = sent.get("data")
    size = sent.get("size")
    if size is None and inline:
        size = len(inline) * 3 // 4 - inline[-2:].count("=")
    return Attachment(
        title=plain(sent.get("title")), content_type=sent.get("contentType") or "", url=sent.get("url") or "", size=size
    )


def attachments(resource: dict) -> list[Attachment]:
    """What opens: from a DocumentReference, a DiagnosticReport, a Media, a Consent."""
    sent = [one.get("attachment") for one in resource.get("content") or () if type(one) is dict]
    sent += resource.get("presentedForm") or []
    sent += [resource[name] for name in ("content", "sourceAttachment") if type(resource.get(name)) is dict]
    return [attachment(one) for one in sent if one]


def titles(resource: dict) -> list[str]:
    return [one.title for one in attachments(resource) if one.title]


def document_line(resource: dict) -> Line:
    said = concept(resource.get("type"))
    about = plain(resource.get("description"))
    named = titles(resource)
    title = said.words or concept_words(resource.get("category")) or about or (named[0] if named else "")
    told = about if about != title else ""
    context = resource.get("context") or {}
    starts, _ = period_of(context.get("period"))
    wrong = resource.get("docStatus") == "entered-in-error"
    status = "entered-in-error" if wrong else resource.get("status") or ""
    return Line(
        topic=Topic.DOCUMENT,
        concept=said,
        title=title,
        value=told or (named[0] if named and named[0] != title else ""),
        starts=resource.get("date") or starts or next(iter(made_on(resource)), ""),
        status=status,
        by=who(resource, "author", "custodian"),
        encounter=encounter_of(context),
        hint=sentence(about, concept_words(resource.get("category")), *named),
        key=(resource.get("masterIdentifier") or {}).get("value") or "",
        caution=NOT_FINAL if resource.get("docStatus") == "preliminary" else "",
    )


def made_on(resource: dict) -> list[str]:
    sent = [one.get("attachment") or {} for one in resource.get("content") or () if type(one) is dict]
    return [one["creation"] for one in sent if one.get("creation")]


def document_detail(resource: dict) -> Detail:
    context = resource.get("context") or {}
    return Detail(
        lines=[
            ("About", plain(resource.get("description"))),
            ("Kind", concept_words(resource.get("type")) or concept_words(resource.get("category"))),
            ("Written on", date_words(resource.get("date") or "")),
            ("Written by", who(resource, "author")),
            ("Kept by", who(resource, "custodian")),
            ("Covers", period_words(context.get("period"))),
            ("Setting", concept_words(context.get("practiceSetting"))),
            ("Status", sentence(resource.get("status") or "", resource.get("docStatus") or "")),
        ],
        attachments=attachments(resource),
    )


def composition_line(resource: dict) -> Line:
    said = concept(resource.get("type"))
    status = resource.get("status") or ""
    title = plain(resource.get("title"))
    return Line(
        topic=Topic.DOCUMENT,
        concept=said,
        title=title or said.words,
        value=said.words if title and said.words.lower() not in title.lower() else "",
        starts=resource.get("date") or "",
        status=status,
        by=who(resource, "author", "custodian"),
        encounter=encounter_of(resource),
        hint=concept_words(resource.get("category")),
        key=(resource.get("identifier") or {}).get("value") or "",
        caution=NOT_FINAL if status == "preliminary" else "",
    )


def composition_detail(resource: dict) -> Detail:
    events = [
        sentence(concept_words(one.get("code")), period_words(one.get("period"))) for one in resource.get("event") or ()
    ]
    return Detail(
        lines=[
            ("Kind", concept_words(resource.get("type"))),
            ("Written on", date_words(resource.get("date") or "")),
            ("Written by", who(resource, "author")),
            ("Kept by", who(resource, "custodian")),
            ("Covers", sentence(*events)),
            ("Status", resource.get("status") or ""),
        ],
        narrative_html="".join(section_html(one, 0) for one in resource.get("section") or ()),
        pairs=pairs_of_sections(resource),
    )


def section_html(section: dict, depth: int) -> str:
    """One section's heading and its own narrative, then the sections within it; as sent, to be cleaned."""
    heading = html.escape(plain(section.get("title")) or concept_words(section.get("code")))
    inner = section.get("section") or () if depth < 10 else ()
    body = (section.get("text") or {}).get("div") or ""
    empty = html.escape(concept_words(section.get("emptyReason")))
    written = f"<h4>{heading}</h4>" if heading else ""
    return (
        written + body + (f"<p>{empty}</p>" if empty else "") + "".join(section_html(one, depth + 1) for one in inner)
    )


def report_line(resource: dict) -> Line:
    starts, ends = when_of(resource, "effective")
    status = resource.get("status") or ""
    told = plain(resource.get("conclusion")) or concept_words(resource.get("conclusionCode"))
    return Line(
        topic=Topic.REPORT,
        concept=concept(resource.get("code")),
        value=told or results_words(resource),
        starts=starts or resource.get("issued") or "",
        ends=ends,
        status=status,
        by=who(resource, "resultsInterpreter", "performer"),
        encounter=encounter_of(resource),
        hint=concept_words(resource.get("category")),
        caution=NOT_FINAL if status in {"registered", "partial", "preliminary"} else "",
    )


def results(resource: dict) -> list[dict]:
    """The results that the report carries inside itself."""
    inside = (contained(one, resource) for one in resource.get("result") or ())
    return [one for one in inside if one and one.get("resourceType") == "Observation"]


def results_words(resource: dict) -> str:
    told = list(filter(None, map(part_words, results(resource))))
    if told:
        return "; ".join(told[:4])
    count = len(resource.get("result") or ())
    return f"{count} results" if count > 1 else ""


def report_detail(resource: dict) -> Detail:
    named = [Part(words, "", "") for words in map(reference_words, resource.get("result") or ()) if words]
    return Detail(
        lines=[
            ("Conclusion", plain(resource.get("conclusion"))),
            ("Coded as", concept_words(resource.get("conclusionCode"))),
            ("When", value_words(resource, "effective")),
            ("Reported", date_words(resource.get("issued") or "")),
            ("By", who(resource, "performer")),
            ("Read by", who(resource, "resultsInterpreter")),
            ("Kind", concept_words(resource.get("category"))),
            ("Specimen", references_words(resource.get("specimen"), resource)),
            ("Asked for in", references_words(resource.get("basedOn"), resource)),
            ("Status", resource.get("status") or ""),
        ],
        parts=[part(one) for one in results(resource)] or named,
        attachments=attachments(resource),
    )


def media_line(resource: dict) -> Line:
    said = concept(resource.get("modality") or resource.get("type"))
    starts, ends = when_of(resource, "created")
    named = titles(resource)
    return Line(
        topic=Topic.DOCUMENT,
        concept=said,
        title=(named[0] if named else "") or said.words or "Picture or recording",
        value=sentence(concept_words(resource.get("view")), concept_words(resource.get("bodySite"))),
        starts=starts or resource.get("issued") or "",
        ends=ends,
        status=resource.get("status") or "",
        by=who(resource, "operator"),
        encounter=encounter_of(resource),
    )


def media_detail(resource: dict) -> Detail:
    return Detail(
        lines=[
            ("When", value_words(resource, "created")),
            ("Why", concept_words(resource.get("reasonCode"))),
            ("Where on the body", concept_words(resource.get("bodySite"))),
            ("Device", plain(resource.get("deviceName"))),
            ("Note", annotation_words(resource.get("note"))),
        ],
        attachments=attachments(resource),
    )


def manifest_line(resource: dict) -> Line:
    said = concept(resource.get("type"))
    return Line(
        topic=Topic.DOCUMENT,
        concept=said,
        title=plain(resource.get("description")) or said.words or "Set of documents",
        starts=resource.get("created") or "",
        status=resource.get("status") or "",
        by=who(resource, "author"),
    )


def imaging_line(resource: dict) -> Line:
    said = concept(resource.get("procedureCode"))
    first = (resource.get("series") or [{}])[0]
    kinds = resource.get("modality") or [first.get("modality") or {}]
    how = sentence(*dict.fromkeys(plain(one.get("display") or one.get("code")) for one in kinds))
    where = plain((first.get("bodySite") or {}).get("display"))
    return Line(
        topic=Topic.REPORT,
        concept=said,
        title=plain(resource.get("description")) or said.words or sentence(how, where) or "Scan or X-ray",
        value=sentence(how, where) if said.words or resource.get("description") else "",
        starts=resource.get("started") or first.get("started") or "",
        status=resource.get("status") or "",
        state=State.PAST
        if resource.get("status") == "available"
        else state_of("ImagingStudy", resource.get("status") or ""),
        by=who(resource, "interpreter", "referrer"),
        encounter=encounter_of(resource),
    )
