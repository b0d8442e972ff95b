"""link-table on whole tables: real ones, bad ones, and the same one in another order."""

from random import Random

import pytest

from locality.base import Refused
from locality.methods.linkage.table_clusters import LIMIT, cluster
from locality.methods.linkage.table_writing import write_clusters, write_pairs
from tests.methods.linkage.tables import FEBRL, KEPT, PEOPLE, TRUTH, Row, Table, febrl_pairs, people, write

CYRILLIC = str.maketrans("aeopc", "аеорс")  # they look alike, and are others
PLACEHOLDER = "4505577104"  # valid, and on a thousand rows


@pytest.mark.prove
def test_febrl_4_is_linked_one_to_one_without_a_false_pair():
    found = Table(KEPT / "febrl4a.csv", KEPT / "febrl4b.csv", mapped=FEBRL, id="rec_id", one_to_one=True)

    pairs, right, every = febrl_pairs(found.clusters, two=True)
    assert (pairs - right, 2 * right / (pairs + every) >= 0.9995) == (0, True)


@pytest.mark.prove
def test_febrl_3_is_found_as_good_as_whole():
    found = Table(KEPT / "febrl3.csv", mapped=FEBRL, id="rec_id")

    pairs, right, every = febrl_pairs(found.clusters, two=False)
    assert 2 * right / (pairs + every) >= 0.997


def test_a_part_of_febrl_3_is_found_without_a_false_pair_and_by_names_and_birth_date_nearly(tmp_path):
    head, *lines = (KEPT / "febrl3.csv").read_text().splitlines()
    part = sorted(lines, key=lambda line: int(line.split("-")[1]))[:1200]
    path = tmp_path / "part.csv"
    path.write_text("\n".join([head, *part]))

    whole = Table(path, mapped=FEBRL, id="rec_id")
    few = Table(
        path, mapped={field: FEBRL[field] for field in ("given_name", "family_name", "birth_date")}, id="rec_id"
    )

    figures = [febrl_pairs(one.clusters, two=False) for one in (whole, few)]
    scores = [2 * right / (found + every) for found, right, every in figures]
    assert (figures[0][0] - figures[0][1], scores[0] > 0.985, scores[1] > 0.95) == (0, True, True)


def test_the_same_rows_in_another_order_are_written_as_the_same_bytes(tmp_path):
    rows = people()
    shuffled = Random(3).sample(rows, len(rows))

    written = []
    for name, order in (("one", rows), ("two", shuffled), ("three", rows)):
        found = Table(write(tmp_path / f"{name}.csv", order))
        write_clusters(found.engine, found.linked, tmp_path / f"{name}.out")
        write_pairs(found.engine, tmp_path / f"{name}.pairs")
        written.append([(tmp_path / f"{name}.{kind}").read_bytes() for kind in ("out", "pairs")])

    assert written[0] == written[1] == written[2]
    assert written[0][0].splitlines()[:3] == [b"id,cluster", b"10a,1", b"10b,1"]


def test_ids_that_are_numbers_are_written_in_their_order(tmp_path):
    rows = [row | {"id": number} for number, row in enumerate(people(), 1)]
    found = Table(write(tmp_path / "one.csv", rows[::-1]))

    write_clusters(found.engine, found.linked, tmp_path / "out.csv")

    ids = [line.split(",")[0] for line in (tmp_path / "out.csv").read_text().splitlines()[1:]]
    assert ids == [str(number) for number in range(1, len(rows) + 1)]


def test_between_two_files_no_two_rows_of_one_are_said_to_be_a_pair(tmp_path):
    rows = people()
    first = write(tmp_path / "one.csv", rows[::2])
    second = write(tmp_path / "two.csv", rows[1::2])

    found = Table(first, second, one_to_one=True)

    assert found.together == TRUTH
    write_pairs(found.engine, tmp_path / "pairs.csv")
    pairs = [line.split(",") for line in (tmp_path / "pairs.csv").read_text().splitlines()[1:]]
    assert {(left[-1], right[-1]) for left, right, _ in pairs} == {("a", "b")}


def test_ids_that_stand_in_both_files_are_written_with_their_file(tmp_path):
    rows = people()
    number = [row | {"id": row["id"][:-1]} for row in rows]
    paths = write(tmp_path / "one.csv", number[::2]), write(tmp_path / "two.csv", number[1::2])

    found = Table(*paths, one_to_one=True)
    write_clusters(found.engine, found.linked, tmp_path / "out.csv")

    written = dict(line.split(",") for line in (tmp_path / "out.csv").read_text().splitlines()[1:])
    assert found.linked.said.shared_ids == 26
    assert [written[f"1:{one}"] == written[f"2:{one}"] for one in range(1, 27)] == [True] * 26


def test_one_to_one_of_one_file_is_refused(tmp_path):
    with pytest.raises(Refused, match="--one-to-one links two files"):
        Table(write(tmp_path / "one.csv", people()), one_to_one=True)


def test_one_to_one_gives_nobody_two_partners(tmp_path):
    row = {"given": "Ada", "family": "King", "born": "1815-12-10", "postcode": "M1 1AA"}
    first = write(tmp_path / "one.csv", [*people()[::2], row | {"id": "x"}])
    second = write(tmp_path / "two.csv", [*people()[1::2], row | {"id": "y"}, row | {"id": "z"}])

    clusters = Table(first, second, one_to_one=True).clusters.values()

    assert max(list(clusters).count(one) for one in clusters) == 2


def test_a_higher_threshold_joins_no_more(tmp_path):
    path = write(tmp_path / "one.csv", people())

    joined = [Table(path, threshold=bits).linked.joined for bits in (-5.0, 0.0, 10.0, 60.0)]

    assert joined == sorted(joined, reverse=True)
    assert (joined[0], joined[-1]) == (52, 0)


def test_look_alike_letters_and_marks_that_cannot_be_seen_are_the_same_name(tmp_path):
    rows = people()
    for row in rows[1::2]:
        row["family"] = f"\u200b{row['family'].translate(CYRILLIC)}\u202e"
        row["given"] = "\u00a0".join(["", row["given"], ""])

    found = Table(write(tmp_path / "one.csv", rows))

    assert found.together == TRUTH


BAD = [
    {"given": "", "family": "", "born": "", "postcode": ""},
    {"given": "X", "family": "Y", "born": "", "postcode": ""},
    {"given": "A" * 200, "family": "B" * 200, "born": "9" * 50, "postcode": "C" * 99},
    {"given": "Unknown", "family": "Unknown", "born": "01/01/1900", "postcode": "ZZ99 3VZ"},
    {"given": "Test", "family": "Patient", "born": "31/02/1990", "postcode": ""},
    {"given": "Baby", "family": "Khan", "born": "00/00/0000", "postcode": "-"},
    {"given": "\u200b", "family": "'; drop table table_said; --", "born": "1990-13-45", "postcode": "\ufeff"},
    {"given": "李", "family": "王", "born": "١٩٨٠", "postcode": "😀"},
]


def test_bad_rows_neither_stop_the_work_nor_join_others(tmp_path):
    bad = [row | {"id": f"bad{at}"} for at, row in enumerate([*BAD, *BAD])]

    found = Table(write(tmp_path / "one.csv", [*people(), *bad]))

    mixed = [one for one in found.together if {key[:3] == "bad" for key in one} == {True, False}]
    assert (found.together >= TRUTH, mixed) == (True, [])
    assert {(one.key, one.word) for one in found.linked.refused} >= {
        ("bad0", "it says nothing to know somebody by"),
        ("bad8", "it says nothing to know somebody by"),
    }


@pytest.mark.parametrize("field", ["nhs_number", "email", "ssn"])
def test_a_thousand_rows_with_one_number_are_not_one_person(tmp_path, field):
    rng = Random(5)
    value = "somebody@example.org" if field == "email" else PLACEHOLDER
    rows = [stranger(rng) | {"id": at, "number": value} for at in range(1000)]
    rows += [row | {"number": ""} for row in people()]

    found = Table(write(tmp_path / "one.csv", rows), mapped=PEOPLE | {field: "number"})

    assert max(map(len, found.together)) <= 3
    assert len(found.together & TRUTH) >= 25


def test_a_cluster_is_kept_from_growing_past_the_limit_and_alarmed():
    alike = [(one, other, 9.0) for one in range(1, 31) for other in range(one + 1, 31)]

    found = cluster(alike, 0.0, limit=20)

    assert max(map(len, found.members)) <= 20
    assert found.too_many > 0


def test_the_same_row_a_thousand_times_is_no_giant_cluster(tmp_path):
    one = {"given": "Ada", "family": "King", "born": "1815-12-10", "postcode": "M1 1AA"}
    rows = [one | {"id": f"s{at}"} for at in range(LIMIT + 300)]

    found = Table(write(tmp_path / "one.csv", [*rows, *people()]))

    assert max(map(len, found.together), default=0) <= LIMIT


@pytest.mark.parametrize("many", [1, 2, 3])
def test_a_table_of_a_row_or_two_is_linked(tmp_path, many):
    found = Table(write(tmp_path / "one.csv", people()[:many]))

    assert len(found.clusters) == many


def test_rows_that_all_say_nothing_are_each_alone(tmp_path):
    rows = [{"id": at, "given": "", "family": "unknown", "born": "", "postcode": ""} for at in range(5)]

    found = Table(write(tmp_path / "one.csv", rows))

    assert (found.together, len(found.linked.refused)) == (set(), 5)


def test_drawn_nonsense_is_linked_without_a_word(tmp_path):
    rng = Random(11)
    letters = "aé李\u200b'\"\\;,%_\x00\n١ß-😀0 "
    named = ("given", "family", "born", "postcode", "more")
    rows = [
        {"id": at} | {name: "".join(rng.choices(letters, k=rng.randrange(9))) for name in named} for at in range(120)
    ]

    mapped = PEOPLE | {"phone": "more", "email": "more", "note": "more", "address_line": "more"}
    found = Table(write(tmp_path / "one.csv", rows), mapped=mapped)

    assert len(found.clusters) == 120


def stranger(rng: Random) -> Row:
    born = f"{rng.randrange(1930, 2010)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
    return {"given": _word(rng), "family": _word(rng), "born": born, "postcode": f"BL{rng.randrange(1, 10)} 1AA"}


def _word(rng: Random) -> str:
    return "".join(rng.choices("bcdfghjklmnprstvw", k=4)) + rng.choice("aeiou") + "".join(rng.choices("nrstl", k=3))
