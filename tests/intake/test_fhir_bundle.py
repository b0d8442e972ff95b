import tracemalloc
from time import process_time

import msgspec
import pytest

from locality.record.intake.entry import Entry, Unreadable
from locality.record.intake.fhir_bundle import entries, ndjson_entries
from locality.record.intake.structure import check

from .examples import files

CUT = "The JSON stops in the middle: it was cut short, or a bracket or quote is missing"
BETTY = b'{"resourceType": "Patient", "id": "betty", "active" : true}'


def bundle(*parts: bytes, kind: bytes = b"collection") -> bytes:
    return b'{"resourceType": "Bundle", "type": "%b", "entry": [%b]}' % (kind, b",\n".join(parts))


def held(resource: bytes) -> bytes:
    return b'{"resource": %b}' % resource


def test_a_resource_by_itself_is_one_entry_of_its_exact_bytes():
    assert list(entries("betty.json", b"\xef\xbb\xbf\n" + BETTY + b"\n")) == [Entry("betty.json", BETTY)]


@pytest.mark.parametrize("kind", ["collection", "transaction", "batch", "searchset", "document", "message"])
def test_a_bundle_of_any_type_is_opened_to_the_exact_bytes_of_its_resources(kind):
    content = bundle(held(BETTY), held(b'{ "resourceType":"Flag" }'), kind=kind.encode())

    assert list(entries("gp.json", content)) == [
        Entry("gp.json entry 1", BETTY),
        Entry("gp.json entry 2", b'{ "resourceType":"Flag" }'),
    ]


def test_an_entry_keeps_its_full_url_verb_and_url():
    part = (
        b'{"fullUrl": "urn:uuid:1", "request": {"url": "Patient?identifier=1", "method": "POST"}, "resource": %b}'
        % BETTY
    )

    assert list(entries("gp.json", bundle(part, kind=b"transaction"))) == [
        Entry("gp.json entry 1", BETTY, full_url="urn:uuid:1", verb="POST", url="Patient?identifier=1")
    ]


def test_a_history_is_given_oldest_first_with_its_deletes():
    gone = b'{"request": {"method": "DELETE", "url": "Patient/betty"}, "response": {"status": "204"}}'
    first = b'{"request": {"method": "POST", "url": "Patient"}, "resource": %b}' % BETTY

    assert list(entries("gp.json", bundle(gone, first, kind=b"history"))) == [
        Entry("gp.json entry 2", BETTY, verb="POST", url="Patient"),
        Entry("gp.json entry 1", gone, verb="DELETE", url="Patient/betty"),
    ]


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (b'{"fullUrl": "urn:uuid:1"}', "The entry holds no resource."),
        (b'{"resource": null}', "The entry holds no resource."),
        (b'{"response": {"status": "201"}}', "The entry holds only a response, no resource."),
        (b'{"request": {"method": "DELETE"}}', "The entry deletes, but its request has no url to say what."),
        (
            b'{"request": {"method": "PATCH", "url": "Patient/1"}, "resource": {"resourceType": "Parameters"}}',
            "The entry is a PATCH, a change without the whole: send the whole resource.",
        ),
        (
            b'{"request": {"method": "GET", "url": "Patient/1"}}',
            "The entry's request neither sends nor deletes anything: only PUT, POST and DELETE are received.",
        ),
        (b"5", "It is not an object, as every resource and every entry is."),
        (b'{"resource": {}, "resource": {}}', "The name resource stands twice in one object (line 1 column 29)."),
        (
            held(BETTY)[:-1] + b', "resource": %b}' % BETTY,
            "The name resource stands twice in one object (line 1 column 86).",
        ),
        (
            held(BETTY)[:-1] + b', "fullUrl": "a", "fullUrl": "b"}',
            "The name fullUrl stands twice in one object (line 1 column 101).",
        ),
    ],
)
def test_an_entry_that_sends_nothing_to_keep_is_refused_alone(part, reason):
    assert list(entries("gp.json", bundle(part, held(BETTY)))) == [
        Unreadable("gp.json entry 1", part, reason),
        Entry("gp.json entry 2", BETTY),
    ]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b'{"resourceType": "Patient", "active": NaN}', "NaN and Infinity are not numbers in JSON (line 1 column 39)."),
        (
            b'{"resourceType": "Patient", "id": "\\ud800"}',
            r"A \u escape is cut short or half of a pair (a lone surrogate) (line 1 column 42).",
        ),
        (b'{"resourceType": "Patient", "id": "\xff"}', "The text is not UTF-8, as FHIR must be (line 1 column 36)."),
        (
            b'{"resourceType": "Patient", "id": "a", "id": "b"}',
            "The name id stands twice in one object (line 1 column 45).",
        ),
        (
            b'{"resourceType": "Patient", "extension": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            "The JSON is nested more than 200 levels deep (line 1 column 242).",
        ),
    ],
    ids=["NaN", "half a pair", "not UTF-8", "a name twice", "100,000 levels"],
)
def test_a_broken_resource_is_refused_alone(broken, reason):
    found = list(entries("gp.json", bundle(held(BETTY), held(broken), held(BETTY))))

    assert [one.content for one in found] == [BETTY, broken, BETTY]
    assert [check(one.content)[1] for one in found] == [[], [reason], []]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "It is empty."),
        (b"[" + BETTY + b"]", "It is not an object, as every resource and every entry is."),
        (bundle(held(BETTY))[:-30], f"{CUT} (line 1 column 104)."),
        (bundle(held(BETTY), held(BETTY))[:-2], f"{CUT} (line 2 column 73)."),
        (BETTY + b" " + BETTY, "Something follows after the end of the JSON (line 1 column 61)."),
        (b'{"resourceType": "Bundle"}', "The Bundle has no entries, so it holds nothing to keep."),
        (bundle(), "The Bundle has no entries, so it holds nothing to keep."),
        (b'{"resourceType": "Bundle", "entry": {"a": 1}}', "Bundle.entry is not a list."),
        (bundle(held(b'{"a": NaN}'), b"5"), "Bundle.entry holds something that is not an entry."),
        (
            bundle(held(BETTY))[:-1] + b', "entry": []}',
            "The name entry stands twice in one object (line 1 column 144).",
        ),
        (
            b'{"resourceType": "Patient",' + bundle(held(BETTY))[1:],
            "The name resourceType stands twice in one object (line 1 column 43).",
        ),
        (bundle(held(BETTY)).decode().encode("utf-16"), "The text is UTF-16 or UTF-32; FHIR must be UTF-8."),
    ],
    ids=str,
)
def test_a_file_whose_envelope_is_broken_is_kept_whole_with_its_reason(content, reason):
    assert list(entries("gp.json", content)) == [Unreadable("gp.json", content, reason)]


def test_an_odd_file_name_inside_a_full_url_is_left_as_it_is():
    part = b'{"fullUrl": "urn:{}", "resource": {}}'

    assert list(entries("gp.json", bundle(part))) == [Entry("gp.json entry 1", b"{}", full_url="urn:{}")]


def test_bundles_inside_bundles_are_opened_three_deep_and_no_deeper():
    three = bundle(held(bundle(held(bundle(held(BETTY))))))
    four = bundle(held(three))

    assert list(entries("a.json", three)) == [Entry("a.json entry 1 entry 1 entry 1", BETTY)]
    assert list(entries("a.json", four)) == [
        Unreadable(
            "a.json entry 1 entry 1 entry 1",
            bundle(held(BETTY)),
            "Bundles lie more than 3 deep inside each other.",
        )
    ]


def test_a_resource_that_only_names_bundles_is_not_opened():
    graph = b'{"resourceType": "GraphDefinition", "start": "Bundle"}'

    assert list(entries("a.json", bundle(held(graph)))) == [Entry("a.json entry 1", graph)]


def test_a_bad_line_refuses_that_line_only():
    cut = b'{"resourceType": "Patient", "id": "b'
    lines = [BETTY + b"\r\n", b"\n", cut + b"\n", bundle(held(BETTY)).replace(b"\n", b"") + b"\n", BETTY]

    assert list(ndjson_entries("gp.ndjson", lines)) == [
        Entry("gp.ndjson line 1", BETTY),
        Unreadable("gp.ndjson line 3", cut, f"{CUT} (line 1 column 36)."),
        Entry("gp.ndjson line 4 entry 1", BETTY),
        Entry("gp.ndjson line 5", BETTY),
    ]


def test_every_synthea_entry_is_found_with_its_exact_bytes():
    found = [one for name, content in files("synthea/bundles").items() for one in entries(name, content)]

    sent = []
    for content in files("synthea/bundles").values():
        parts = msgspec.json.decode(content, type=dict[str, msgspec.Raw])["entry"]
        sent += [bytes(part["resource"]) for part in msgspec.json.decode(parts, type=list[dict[str, msgspec.Raw]])]
    assert [one.content for one in found] == sent
    assert len(found) == 5134
    assert {type(one) for one in found} == {Entry}


def test_50_000_entries_cost_little_memory_and_time_in_line_with_their_number():
    content = bundle(*(held(BETTY.replace(b"betty", b"%d" % number)) for number in range(50_000)))
    fifth = bundle(*(held(BETTY.replace(b"betty", b"%d" % number)) for number in range(10_000)))

    small = seconds(fifth)
    tracemalloc.start()
    number = sum(isinstance(one, Entry) for one in entries("all.json", content))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert number == 50_000
    assert most < 5 * len(content)
    assert seconds(content) < 15 * max(small, 0.02)


def seconds(content: bytes) -> float:
    start = process_time()
    for _ in entries("all.json", content):
        pass
    return process_time() - start


def test_a_hostile_string_without_an_end_is_refused_in_one_pass():
    content = b'{"resourceType": "Bundle", "entry": [{"resource": {"a": "' + rb"\"" * 500_000

    start = process_time()
    (found,) = entries("a.json", content)

    assert process_time() - start < 5
    assert found.reason == f"{CUT} (line 1 column 1000057)."
