"""A file is what its content says, whatever its name: FHIR, HL7 v2 or CSV, or it is refused with a sentence."""

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from locality.record.intake import formats
from locality.record.intake.archives import Limits, Member, split
from locality.record.intake.entry import Entry, Unreadable

DATA = Path(__file__).parent.parent / "data"
A, B, C = (b'{"resourceType": "Patient", "id": "%s"}' % name for name in (b"a", b"b", b"c"))
MAPPING = {"resource": [{"type": "Patient", "id": "{Our ID}"}]}


def read(
    folder: Path, name: str, content: bytes, *, limits: Limits | None = None, ways: int = 1, mapping: dict | None = None
) -> list[Entry | Unreadable]:
    (folder / name).write_bytes(content)
    limits = limits or Limits()
    found = []
    for work in split([folder / name], ways=ways, limits=limits):
        for member in work.members(limits=limits):
            found += formats.entries(member, mapping=mapping) if isinstance(member, Member) else [member]
    return found


def contents(found: list[Entry | Unreadable]) -> list[tuple[str, bytes | str]]:
    return [(one.place, one.content if isinstance(one, Entry) else one.reason) for one in found]


def test_one_json_object_is_one_resource_on_one_line_or_on_many(tmp_path):
    pretty = b'{\n  "resourceType": "Patient",\n  "name": [\n  {\n  "text": "x"\n  }\n  ]\n}\n'

    assert contents(read(tmp_path, "a.json", A)) == [("a.json", A)]
    assert contents(read(tmp_path, "b", b"\xef\xbb\xbf\n " + pretty)) == [("b", pretty.strip())]


def test_a_bundle_whose_entries_begin_their_lines_is_not_taken_for_lines(tmp_path):
    bundle = b'{"resourceType": "Bundle", "type": "collection", "entry": [\n{"resource": %s},\n{"resource": %s}\n]}'

    found = read(tmp_path, "bundle.json", bundle % (A, B))

    assert contents(found) == [("bundle.json entry 1", A), ("bundle.json entry 2", B)]


def test_lines_of_one_object_each_are_numbered_and_blank_ones_are_nothing(tmp_path):
    found = read(tmp_path, "a.json", b"\n" + A + b"\r\n\n" + B + b"\n" + C)

    assert contents(found) == [("a.json line 2", A), ("a.json line 4", B), ("a.json line 5", C)]


def test_one_line_of_a_file_called_ndjson_is_a_line(tmp_path):
    assert contents(read(tmp_path, "a.ndjson", A + b"\n")) == [("a.ndjson line 1", A)]
    assert contents(read(tmp_path, "a.ndjson.gz", gzip.compress(A))) == [("a.ndjson.gz line 1", A)]


@pytest.mark.parametrize("bad", [b'{"resourceType": "Patient", "id": \n', b"not json\n"])
def test_a_bad_line_is_one_line_and_the_others_are_read(tmp_path, bad):
    found = read(tmp_path, "a.ndjson", A + b"\n" + bad + B + b"\n")

    assert contents(found)[::2] == [("a.ndjson line 1", A), ("a.ndjson line 3", B)]
    assert found[1].place == "a.ndjson line 2"


def test_a_bad_first_line_does_not_take_the_others_with_it(tmp_path):
    found = read(tmp_path, "lines.txt", b'{"resourceType": "Patient", "id": \n' + A + b"\n" + B)

    assert [one.place for one in found] == ["lines.txt line 1", "lines.txt line 2", "lines.txt line 3"]
    assert [one.content for one in found[1:]] == [A, B]


def test_a_gzip_cut_short_gives_its_whole_lines_and_one_refusal(tmp_path):
    lines = b"".join(b'{"resourceType": "Basic", "id": "%064x"}\n' % (n * 7919**9) for n in range(20_000))
    whole = gzip.compress(lines)

    found = read(tmp_path, "a.ndjson.gz", whole[: len(whole) // 2])

    assert contents(found)[-1] == ("a.ndjson.gz", "It is cut short.")
    assert 9_000 < len(found) < 11_000
    assert b"\n".join(one.content for one in found[:-1]) == lines[: sum(len(one.content) + 1 for one in found[:-1]) - 1]


def test_a_json_file_in_a_gzip_cut_short_is_one_refusal(tmp_path):
    found = read(tmp_path, "a.json.gz", gzip.compress(A)[:-9])

    assert contents(found) == [("a.json.gz", "It is cut short.")]


def test_a_line_too_long_is_refused_and_the_next_is_read(tmp_path):
    long = b'{"resourceType": "Basic", "id": "' + b"x" * 3_000_000 + b'"}'
    limits = Limits(line=1_000_000)

    found = read(tmp_path, "a.ndjson", A + b"\n" + long + b"\n" + B + b"\n", limits=limits)

    assert sorted(contents(found)) == [
        ("a.ndjson line 1", A),
        ("a.ndjson line 2", "The line is longer than 1 MB."),
        ("a.ndjson line 3", B),
    ]


def test_a_json_file_too_large_to_be_held_is_refused(tmp_path):
    limits = Limits(whole=1_000_000, line=500_000)
    content = b'{"resourceType": "Basic", "id": "' + b"x" * 1_000_000 + b'"}'

    assert contents(read(tmp_path, "a.json", content, limits=limits)) == [
        ("a.json", "It is larger than 1 MB: only NDJSON, one resource a line, may be.")
    ]


def test_the_shares_of_a_file_of_lines_hold_every_line_and_every_refusal_once(tmp_path):
    lines = b"\n".join(b'{"resourceType": "Basic", "id": "%d"}' % n for n in range(50)) + b"\nbad {\n"
    limits = Limits(share_from=100, small=100)
    whole, archive = gzip.compress(lines), io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as opened:
        for inner, content in (("small.json", A), ("large.ndjson", lines), ("small.hl7", b"MSH|"), ("bad", b"x" * 200)):
            header = tarfile.TarInfo(inner)
            header.size = len(content)
            opened.addfile(header, io.BytesIO(content))
    sent = {"a.ndjson": lines, "b.ndjson.gz": whole, "c.ndjson.gz": whole[:-12], "d.tgz": archive.getvalue()}

    for name, content in sent.items():
        shared = read(tmp_path, name, content, limits=limits, ways=3)

        assert sorted(map(str, shared)) == sorted(map(str, read(tmp_path, name, content)))


@pytest.mark.parametrize("content", [A + b" " * 200, b"<html>" + b" " * 200, b"MSH|" + b" " * 200])
def test_a_large_file_that_is_not_lines_is_read_by_one_share_only(tmp_path, content):
    found = read(tmp_path, "large", content, limits=Limits(share_from=100, small=100), ways=3)

    assert contents(found) == contents(read(tmp_path, "large", content))
    assert len(found) == 1


def test_xml_is_read_as_fhir(tmp_path):
    xml = b'<?xml version="1.0"?>\n<Patient xmlns="http://hl7.org/fhir"><id value="a"/></Patient>'

    assert contents(read(tmp_path, "a", xml)) == [("a", b'{"resourceType":"Patient","id":"a"}')]


@pytest.mark.parametrize("name", ["a28_registered.hl7", "batch_of_twins.hl7", "two_mllp_frames.hl7"])
def test_hl7_v2_is_known_bare_in_a_batch_and_in_frames(tmp_path, name):
    found = read(tmp_path, "sent.json", (DATA / "hl7v2" / name).read_bytes())

    assert [type(one) for one in found] == [Entry] * len(found)
    assert found[0].place == "sent.json message 1, Patient"


def test_csv_is_read_when_there_is_a_mapping_and_refused_when_there_is_none(tmp_path):
    rows = b"Our ID,Name\n7,x\n"
    no_mapping = "It is not FHIR (JSON, NDJSON or XML) nor HL7 v2, and this source has no mapping for CSV."

    assert contents(read(tmp_path, "a.csv", rows)) == [("a.csv", no_mapping)]
    assert [one.place for one in read(tmp_path, "a.csv", rows, mapping=MAPPING)] == [
        "a.csv line 2, Patient",
        "a.csv line 2, Binary",
    ]


def test_fhir_is_read_as_fhir_though_the_source_has_a_mapping_for_csv(tmp_path):
    assert contents(read(tmp_path, "a.csv", A, mapping=MAPPING)) == [("a.csv", A)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b" \n\t ", "The file holds nothing but white space."),
        (A.decode().encode("utf-16"), "It is written in UTF-16: FHIR and HL7 v2 are read in UTF-8."),
        (b"[" + A + b"]", "It is a JSON list: send a FHIR Bundle, or NDJSON with one resource a line."),
        (b"%PDF-1.7 \xe2\xe3", "It is a PDF: send it inside a FHIR DocumentReference."),
        (b"<!DOCTYPE html><html><body>502</body></html>", "It is a web page."),
        (
            b"\x89PNG\r\n\x1a\n",
            "It is not FHIR (JSON, NDJSON or XML) nor HL7 v2, and this source has no mapping for CSV.",
        ),
    ],
)
def test_what_cannot_be_read_is_kept_whole_with_what_it_seems_to_be(tmp_path, content, reason):
    assert read(tmp_path, "sent", content) == [Unreadable("sent", content, reason)]
