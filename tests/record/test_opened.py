"""One line opened: what it says whole, what it carries, who else holds it, and what it said before."""

import json
from base64 import b64encode

import pytest

from locality.access.rules import Label, RoleCode, Seal
from locality.base import NotFound
from locality.base.ids import new_id
from locality.record.queries import attachment, opened
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

HIDDEN = [
    {"label": Label.RESTRICTED},
    {"label": Label.VERY_RESTRICTED},
    {"seal": Seal.SEALED},
    {"seal": Seal.LOCKED},
    {"data_class": "SAFE"},
    {"state": "wrong"},
    {"removed": True},
    {"is_current": False},
]


def letter(*attachments: dict, **other) -> dict:
    return {
        "resourceType": "DocumentReference",
        "id": "letter",
        "status": "current",
        "type": make.coded("Discharge letter"),
        "date": "2026-11-03T11:20:00Z",
        "text": {"status": "generated", "div": "<div>Came in after <b>a fall</b></div>"},
        "content": [{"attachment": one} for one in attachments or ({"contentType": "text/plain"},)],
        **other,
    }


def inline(words: bytes, kind: str = "text/plain", **other) -> dict:
    return {"contentType": kind, "data": b64encode(words).decode(), **other}


def carried(person, row, number: int = 0, viewer=None) -> tuple:
    return attachment(grant=make.opened(person, viewer), thing=row.thing, number=number)


def test_it_says_what_who_and_when():
    peggy, (acute,) = make.peggy("acute")
    row = make.resource(acute, letter(author=[{"display": "Dr Nathan Quayle"}]))

    found = opened(grant=make.opened(peggy), thing=row.thing)

    assert (found.fact.id, found.fact.title, found.fact.chapter) == (row.thing, "Discharge letter", "Hospital")
    assert [sender.name for sender in found.fact.senders] == ["Smallborough Hospitals"]
    assert ("Written by", "Dr Nathan Quayle") in found.rows
    assert found.narrative == "<div>Came in after <b>a fall</b></div>"
    assert (found.original, found.size) == (bytes(row.content).decode(), len(row.content))


def test_what_it_refers_to_is_named_from_its_own_source():
    peggy, (acute,) = make.peggy("acute")
    doctor = {"resourceType": "Practitioner", "id": "d1", "name": [{"prefix": ["Dr"], "family": "Quayle"}]}
    make.resource(None, doctor, source=acute.source)
    make.resource(None, doctor | {"name": [{"family": "Stranger"}]}, source=make.source("gp"))
    row = make.resource(acute, letter(author=[{"reference": "Practitioner/d1"}]))

    found = opened(grant=make.opened(peggy), thing=row.thing)

    assert dict(found.rows)["Written by"] == "Dr Quayle"


def test_who_else_holds_the_fact_and_what_they_say_of_it():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    row = make.resource(gp, make.problem("Asthma"))
    make.resource(acute, make.problem("Asthma", clinicalStatus={"coding": [{"code": "resolved"}]}))

    fact = opened(grant=make.opened(peggy), thing=row.thing).fact

    assert (fact.id, fact.also_held_by) == (row.thing, ("Smallborough Hospitals",))
    assert fact.disagreement == "Mill Lane Practice says it holds; Smallborough Hospitals says resolved."


def test_earlier_versions_are_listed_and_hidden_ones_are_not():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("COPD", id="c1"), version=4)
    for number, hidden in ((1, {}), (2, {"label": Label.RESTRICTED}), (3, {"state": "wrong"})):
        old = make.problem("Asthma", id="c1", note=[{"text": f"{number}"}])
        make.resource(gp, old, version=number, is_current=False, **hidden)

    found = opened(grant=make.opened(peggy), thing=row.thing)

    assert [(one.number, one.title, one.sender.name) for one in found.versions] == [(1, "Asthma", "Mill Lane Practice")]


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda columns: "-".join(columns))
def test_what_is_hidden_and_what_is_absent_are_not_found_in_the_same_words(hidden):
    peggy, (acute,) = make.peggy("acute")
    row = make.resource(acute, letter(inline(b"Secret")), **hidden)
    grant = make.opened(peggy)

    refusals = []
    for thing in (row.thing, new_id()):
        with pytest.raises(NotFound) as of_line:
            opened(grant=grant, thing=thing)
        with pytest.raises(NotFound) as of_attachment:
            attachment(grant=grant, thing=thing, number=0)
        refusals.append((str(of_line.value), str(of_attachment.value)))

    assert refusals[0] == refusals[1]


def test_another_persons_line_is_not_found():
    peggy, (gp,) = make.peggy("gp")
    his = make.resource(make.patient(make.person("Entwistle", "Stanley"), gp.source), letter(inline(b"His")))

    with pytest.raises(NotFound):
        opened(grant=make.opened(peggy), thing=his.thing)
    with pytest.raises(NotFound):
        carried(peggy, his)


def test_a_role_that_sees_lines_alone_opens_nothing_under_them():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, letter(inline(b"Secret"), type=make.coded("DNACPR")))
    coordinator = make.viewer(RoleCode.CARE_COORDINATOR)

    found = opened(grant=make.opened(peggy, coordinator), thing=row.thing)

    assert row.topic == "decision"
    assert (found.fact.title, found.rows, found.narrative, found.enclosed, found.original) == ("DNACPR", (), "", (), "")
    with pytest.raises(NotFound):
        carried(peggy, row, viewer=coordinator)


def test_where_an_address_is_protected_the_original_is_not_shown():
    peggy, (gp,) = make.peggy("gp", protected=True)
    told = {"resourceType": "Encounter", "status": "finished", "class": {"code": "HH"}, "id": "e1"}
    place = {"location": [{"location": {"display": "7 Weaver's Fold"}}], "text": {"div": "<div>7 Weaver's Fold</div>"}}
    row = make.resource(gp, told | place)

    found = opened(grant=make.opened(peggy), thing=row.thing)

    assert "Weaver" not in str(found)


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_four_queries_however_much_there_is(django_assert_num_queries, rows):
    peggy, (gp, acute) = make.peggy("gp", "acute")
    row = make.resource(gp, make.problem("COPD", id="c1", recorder={"reference": "Practitioner/d1"}), version=9)
    for number in range(rows):
        old = make.problem("COPD", id="c1", note=[{"text": f"{number}"}])
        make.resource(gp, old, version=number + 1, is_current=False)
        make.resource(acute, make.problem("COPD", id=f"other-{number}"))
    grant = make.opened(peggy)

    with django_assert_num_queries(4):
        found = opened(grant=grant, thing=row.thing)

    assert len(found.versions) == rows


# ---- what it carries


def test_text_is_shown_and_everything_else_is_offered_to_keep():
    peggy, (acute,) = make.peggy("acute")
    sent = [
        inline("Café".encode(), title="Letter"),
        inline(b"%PDF-1.7", "application/pdf", title="Scan"),
        {"contentType": "application/pdf", "url": "https://elsewhere.example/letter.pdf"},
    ]
    row = make.resource(acute, letter(*sent))

    found = opened(grant=make.opened(peggy), thing=row.thing).enclosed

    assert [(one.number, one.title, one.size, one.text, one.may_download) for one in found] == [
        (0, "Letter", 5, "Café", True),
        (1, "Scan", 8, None, True),
        (2, "", None, None, False),
    ]
    assert found[2].words == "It is kept elsewhere, and was not sent to us: ask its sender."


@pytest.mark.parametrize(
    ("kind", "kept_as"),
    [
        ("application/pdf", "application/pdf"),
        ("image/jpeg", "image/jpeg"),
        ("text/plain;charset=utf-8", "text/plain; charset=utf-8"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("APPLICATION/XHTML+XML", "application/octet-stream"),
    ],
)
def test_what_could_act_as_a_page_is_only_bytes(kind, kept_as):
    peggy, (acute,) = make.peggy("acute")
    row = make.resource(acute, letter(inline(b"<script>", kind, title="Letter")))

    assert carried(peggy, row) == (kept_as, b"<script>", "Letter")


def test_html_is_never_shown_as_text():
    peggy, (acute,) = make.peggy("acute")
    row = make.resource(acute, letter(inline(b"<b>hello</b>", "text/html")))

    assert [one.text for one in opened(grant=make.opened(peggy), thing=row.thing).enclosed] == [None]


@pytest.mark.parametrize("number", [-1, 1, 99])
def test_an_attachment_that_is_not_there_is_not_found(number):
    peggy, (acute,) = make.peggy("acute")
    row = make.resource(acute, letter(inline(b"Letter")))

    with pytest.raises(NotFound):
        carried(peggy, row, number)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"contentType": "text/plain", "url": "http://169.254.169.254/latest/meta-data"},
        {"contentType": "text/plain", "url": "file:///etc/passwd"},
        {"contentType": "text/plain", "url": "Binary/nobody"},
        {"contentType": "text/plain", "data": "not base64!"},
    ],
)
def test_no_address_is_followed_and_what_is_broken_is_not_found(elsewhere):
    peggy, (acute,) = make.peggy("acute")
    row = make.resource(acute, letter(elsewhere))

    with pytest.raises(NotFound):
        carried(peggy, row)


def binary(words: bytes = b"Letter") -> dict:
    return {"resourceType": "Binary", "id": "b1", "contentType": "text/plain", "data": b64encode(words).decode()}


LINKED = {"contentType": "text/plain", "url": "https://acute.example/fhir/Binary/b1"}


@pytest.mark.parametrize("about_her", [True, False])
def test_a_binary_of_the_same_source_is_part_of_the_record(about_her):
    peggy, (acute,) = make.peggy("acute")
    make.resource(acute if about_her else None, binary(), source=acute.source)
    row = make.resource(acute, letter(LINKED))

    assert carried(peggy, row)[:2] == ("text/plain; charset=utf-8", b"Letter")
    assert [one.text for one in opened(grant=make.opened(peggy), thing=row.thing).enclosed] == ["Letter"]


def test_a_binary_of_another_source_or_another_person_or_that_is_hidden_is_not():
    peggy, (acute, gp) = make.peggy("acute", "gp")
    row = make.resource(acute, letter(LINKED))
    make.resource(gp, binary())
    stan = make.patient(make.person("Entwistle", "Stanley"), acute.source)
    his = make.resource(stan, binary(b"His"))

    with pytest.raises(NotFound):
        carried(peggy, row)

    his.patient, his.label = acute, Label.RESTRICTED
    his.save()
    with pytest.raises(NotFound):
        carried(peggy, row)


def test_numbers_are_kept_as_they_were_sent():
    peggy, (gp,) = make.peggy("gp")
    told = make.reading("29463-7", 61, "kg", "2026-11-01")
    raw = json.dumps(told).replace('"value": 61', '"value": 61.50').encode()
    row = make.resource(gp, told, content=raw)

    assert '"value": 61.50' in opened(grant=make.opened(peggy), thing=row.thing).original
