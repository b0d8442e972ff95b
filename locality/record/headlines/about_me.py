"""Forms and their answers, and About Me: what the person wants everyone who helps them to know.

Headings: PRSB About Me standard. https://theprsb.org/standards/aboutme/
"""

from collections.abc import Iterator

from locality.record.headlines.line import Line, encounter_of, sentence, who
from locality.record.headlines.marks import ABOUT_ME
from locality.record.headlines.shapes import Detail, State, Topic
from locality.record.headlines.values import value_words
from locality.record.headlines.when import date_words
from locality.record.headlines.words import Concept, concept, concept_words, contained, plain, reference_words, text_of

# in the order of the standard; a question that holds one of the words belongs under the heading
HEADINGS = (
    ("What is most important to me", ("important to me", "matters to me", "matters most", "most important")),
    ("People who are important to me", ("people who are important", "people important", "who matters to me")),
    ("How I communicate and how to communicate with me", ("communicat",)),
    ("My wellness", ("wellness", "keep well", "keeping well")),
    ("Please do and please don\u2019t", ("please do",)),
    ("How and when to support me", ("support me", "help me")),
    ("Also worth knowing about me", ("worth knowing", "anything else", "also know")),
    ("Supported to write this by", ("supported to write", "written with", "helped to write")),
)
DISPLAY = "http://hl7.org/fhir/StructureDefinition/display"
DEEPEST = 12


def heading(question: str) -> tuple[int, str]:
    """Where a question stands in the standard, and its heading there; any other keeps its own words, at the end."""
    said = question.lower().replace("\u2019", "'")
    if "people" in said and "important" in said:
        return 1, HEADINGS[1][0]
    for place, (words, signs) in enumerate(HEADINGS):
        if any(sign in said for sign in signs):
            return place, words
    return len(HEADINGS), question


def in_order(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Question and answer under the standard's headings, in its order."""
    placed = [(heading(question), answer) for question, answer in pairs]
    placed.sort(key=lambda one: one[0][0])
    return [(words, answer) for (_, words), answer in placed]


def is_about_me(resource: dict) -> bool:
    form = form_address(resource)
    return form.endswith("aboutme")


def form_address(resource: dict) -> str:
    canonical = (resource.get("questionnaire") or "").partition("|")[0].rstrip("/")
    return canonical.lower().replace("-", "").replace("_", "")


def form_title(resource: dict) -> str:
    """What the form is called: as displayed, as contained, else the end of its address in words."""
    shown = (resource.get("_questionnaire") or {}).get("extension") or ()
    for extension in shown:
        if extension.get("url") == DISPLAY and extension.get("valueString"):
            return plain(extension["valueString"])
    canonical = resource.get("questionnaire") or ""
    inside = contained({"reference": canonical}, resource)
    if inside:
        return plain(inside.get("title") or inside.get("name"))
    end = canonical.partition("|")[0].rstrip("/").rpartition("/")[2]
    if not end or canonical.startswith("urn:") or not any(letter.isalpha() for letter in end):
        return ""
    return spaced(end)


def spaced(name: str) -> str:
    """Words from a name run together: UKCore-Questionnaire-EOLPlan is "UKCore Questionnaire EOL Plan"."""
    letters = []
    for place, letter in enumerate(name.replace("-", " ").replace("_", " ")):
        before, after = name[place - 1 : place], name[place + 1 : place + 2]
        if letter.isupper() and (before.islower() or (before.isupper() and after.islower())):
            letters.append(" ")
        letters.append(letter)
    return plain("".join(letters))


def answers(items: list[dict] | None, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every question that has an answer, with it, however deep it stands."""
    for one in items or ():
        said = [value_words(each) for each in one.get("answer") or ()]
        words = sentence(*said)
        if words:
            yield plain(one.get("text")) or one.get("linkId") or "", words
        if depth < DEEPEST:
            yield from answers(one.get("item"), depth + 1)
            for each in one.get("answer") or ():
                yield from answers(each.get("item"), depth + 1)


def line(resource: dict) -> Line:
    about_me = is_about_me(resource)
    title = "About me" if about_me else form_title(resource)
    pairs = list(answers(resource.get("item")))
    if about_me:
        pairs = in_order(pairs)
    canonical = resource.get("questionnaire") or ""
    return Line(
        topic=Topic.ABOUT_ME if about_me else Topic.REPORT,
        concept=Concept(canonical.rpartition("/")[2], canonical.rpartition("/")[0], title),
        title=title or "Form filled in",
        value=first_answers(pairs, about_me),
        starts=resource.get("authored") or "",
        status=resource.get("status") or "",
        state=State.PAST if resource.get("status") == "stopped" else None,
        by=who(resource, "author", "source"),
        encounter=encounter_of(resource),
        caution="Not finished." if resource.get("status") in {"in-progress", "stopped"} else "",
    )


def first_answers(pairs: list[tuple[str, str]], about_me: bool) -> str:
    if about_me:
        return pairs[0][1] if pairs else ""
    if len(pairs) == 1:
        question, answer = pairs[0]
        return f"{question.rstrip(' ?:')}? {answer}" if "?" in question else f"{question.rstrip(' :')}: {answer}"
    return f"{len(pairs)} answers" if pairs else ""


def detail(resource: dict) -> Detail:
    pairs = list(answers(resource.get("item")))
    return Detail(
        lines=[
            ("Written on", date_words(resource.get("authored") or "")),
            ("Written by", who(resource, "author")),
            ("Answered by", reference_words(resource.get("source"), resource)),
            ("Status", resource.get("status") or ""),
        ],
        pairs=in_order(pairs) if is_about_me(resource) else pairs,
    )


def pairs_of_sections(composition: dict) -> list[tuple[str, str]]:
    """An About Me written as a document: its sections are the headings."""
    title = f"{composition.get('title') or ''} {concept_words(composition.get('type'))}"
    if not ABOUT_ME.search(title):
        return []
    pairs = []
    for section in composition.get("section") or ():
        words = text_of((section.get("text") or {}).get("div"))
        if words:
            pairs.append((plain(section.get("title")) or concept(section.get("code")).words, words))
    return in_order(pairs)
