"""Whatever is sent, packed in whatever way: every file in it is read once or refused with a sentence."""

import contextlib
import gzip
import io
import os
import pickle
import tarfile
import tempfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.base import Refused
from locality.record.intake.archives import Damaged, Limits, Member, members, split

A, B = b'{"resourceType": "Patient"}', b'{"resourceType": "Basic"}'
FILES = {"one/a.json": A, "two/b.json": B}


def packed_tar(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode=mode) as archive:
        for name, content in files.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return kept.getvalue()


def packed_zip(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return kept.getvalue()


def one_header_tar(**about) -> bytes:
    """A tar of one entry that is not an ordinary file, and an ordinary one after it."""
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w") as archive:
        header = tarfile.TarInfo("odd")
        for name, value in about.items():
            setattr(header, name, value)
        archive.addfile(header)
        after = tarfile.TarInfo("after.json")
        after.size = len(A)
        archive.addfile(after, io.BytesIO(A))
    return kept.getvalue()


def told(path: Path, limits: Limits | None = None) -> list[tuple[str, bytes | str]]:
    """What a path holds: each name with its content, or with why it cannot be read."""
    found = []
    for member in members(path, limits=limits or Limits()):
        if isinstance(member, Member):
            try:
                found.append((member.name, member.read()))
            except Damaged as damaged:
                found.append((member.name, str(damaged)))
        else:
            assert member.content == b""
            found.append((member.place, member.reason))
    return found


def sent(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_folder_is_read_in_name_order_without_its_hidden_files(tmp_path):
    folder = tmp_path / "sent"
    (folder / "b").mkdir(parents=True)
    (folder / ".git").mkdir()
    sent(folder, ".git/config", B)
    sent(folder, "b/z.json", B)
    sent(folder, "a.json", A)
    sent(folder, ".hidden.json", B)

    assert told(folder) == [("sent/a.json", A), ("sent/b/z.json", B)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sent.zip", packed_zip(FILES)),
        ("sent.tar", packed_tar(FILES, "w")),
        ("sent.tgz", packed_tar(FILES)),
        ("named wrongly.json", packed_tar(FILES)),
        ("no name at all", packed_zip(FILES)),
    ],
)
def test_an_archive_is_known_by_its_content_and_gives_its_files_in_order(tmp_path, name, content):
    path = sent(tmp_path, name, content)

    assert told(path) == [(f"{name}: one/a.json", A), (f"{name}: two/b.json", B)]


def test_a_gzipped_file_keeps_its_name(tmp_path):
    path = sent(tmp_path, "a.json.gz", gzip.compress(A))

    assert told(path) == [("a.json.gz", A)]


def test_an_archive_in_an_archive_is_opened(tmp_path):
    inner = {"in.zip": packed_zip({"a.json": A}), "in.tgz": packed_tar({"b.json": B}), "c.json.gz": gzip.compress(A)}
    expected = [(": in.zip: a.json", A), (": in.tgz: b.json", B), (": c.json.gz", A)]

    tgz, zipped = sent(tmp_path, "out.tgz", packed_tar(inner)), sent(tmp_path, "out.zip", packed_zip(inner))

    assert told(tgz) == [("out.tgz" + name, content) for name, content in expected]
    assert told(zipped) == [("out.zip" + name, content) for name, content in expected]


def test_an_archive_three_deep_is_refused_and_its_neighbours_are_read(tmp_path):
    deep = packed_zip({"deep.zip": packed_zip({"deeper.zip": packed_zip({"a.json": A})}), "b.json": B})

    assert told(sent(tmp_path, "s.zip", deep)) == [
        ("s.zip: deep.zip: deeper.zip", "It is an archive too deep inside other archives."),
        ("s.zip: b.json", B),
    ]


def test_what_computers_leave_in_archives_is_passed_over(tmp_path):
    files = {"__MACOSX/._a.json": B, "folder/.DS_Store": B, "./a.json": A}

    assert told(sent(tmp_path, "s.zip", packed_zip(files))) == [("s.zip: ./a.json", A)]
    assert told(sent(tmp_path, "s.tgz", packed_tar(files))) == [("s.tgz: ./a.json", A)]


def test_a_missing_path_refuses_the_whole_command_before_anything_is_read(tmp_path):
    there = sent(tmp_path, "a.json", A)

    with pytest.raises(Refused) as refusal:
        split([there, tmp_path / "gone.json"])

    assert str(refusal.value) == f"There is no file or folder {tmp_path}/gone.json."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (gzip.compress(b""), "The file is empty."),
        (packed_zip({}), "The archive holds no files."),
        (packed_tar({}), "The archive holds no files."),
        (packed_tar({}, "w"), "The archive holds no files."),
        (packed_zip({"folder/": b""}), "The archive holds no files."),
        (packed_zip({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), "It is an Office document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "It is an Office document"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(20), "It is packed with 7-Zip, which is not read"),
        (b"BZh91AY&SY", "It is packed with bzip2, which is not read"),
        (packed_zip(FILES)[:-30], "The zip is damaged or cut short"),
        (packed_zip(FILES)[:60], "The zip is damaged or cut short"),
        (b"PK\x03\x04 and then nothing of the kind", "The zip is damaged or cut short"),
        (b"\x1f\x8b and then nothing of the kind", "It is damaged: its checksum or its structure is wrong."),
        (b"\x1f\x8b", "It is cut short."),
    ],
    # what is packed holds the second it was packed in, and a test is called the same by every worker
    ids=lambda given: given[:40] if isinstance(given, str) else "",
)
def test_a_file_that_holds_nothing_readable_is_one_refusal(tmp_path, content, reason):
    [(name, said)] = told(sent(tmp_path, "sent", content))

    assert (name, said[: len(reason)]) == ("sent", reason)


def test_an_empty_folder_is_told(tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()

    assert told(folder) == [("empty", "The folder holds no files.")]


def test_a_tgz_cut_short_gives_the_files_before_the_cut_and_one_refusal(tmp_path):
    noise = {f"{n}.json": os.urandom(3000) for n in range(9)}
    whole = packed_tar(noise)

    found = told(sent(tmp_path, "s.tgz", whole[: len(whole) // 2]))

    assert found[-1] == ("s.tgz", "It is cut short.")
    assert found[:-1] == [(f"s.tgz: {name}", content) for name, content in list(noise.items())[: len(found) - 1]]
    assert len(found) == 5


def test_a_tar_cut_between_two_files_is_not_taken_for_whole(tmp_path):
    whole = packed_tar(FILES, "w")

    assert told(sent(tmp_path, "s.tar", whole[:1024])) == [
        ("s.tar: one/a.json", A),
        ("s.tar", "The archive is cut short."),
    ]


def test_a_broken_header_inside_a_tar_is_not_taken_for_its_end(tmp_path):
    whole = bytearray(packed_tar(FILES, "w"))
    whole[1024:1034] = b"not a name"

    assert told(sent(tmp_path, "s.tar", bytes(whole))) == [
        ("s.tar: one/a.json", A),
        ("s.tar", "The archive is damaged: what follows cannot be read."),
    ]


def test_a_tgz_whose_checksum_is_wrong_is_told_after_its_files(tmp_path):
    whole = bytearray(packed_tar(FILES))
    whole[-8] ^= 1

    found = told(sent(tmp_path, "s.tgz", bytes(whole)))

    assert found == [
        ("s.tgz: one/a.json", A),
        ("s.tgz: two/b.json", B),
        ("s.tgz", "It is damaged: its checksum or its structure is wrong."),
    ]


def test_a_damaged_file_in_a_zip_is_refused_and_its_neighbours_are_read(tmp_path):
    whole = packed_zip(FILES, zipfile.ZIP_STORED).replace(A, A.upper())

    assert told(sent(tmp_path, "s.zip", whole)) == [
        ("s.zip: one/a.json", "It is damaged: its checksum or its structure is wrong."),
        ("s.zip: two/b.json", B),
    ]


OUT = "Its name leads out of the archive, so it was not read."


@pytest.mark.parametrize("name", ["../a", "x/../../a", "/etc/passwd", "C:\\a", "..\\a", "\\a", "../.ssh/key"])
def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path, name):
    files = {name: A, "b.json": B}

    assert told(sent(tmp_path, "s.tgz", packed_tar(files))) == [(f"s.tgz: {name}", OUT), ("s.tgz: b.json", B)]
    assert told(sent(tmp_path, "s.zip", packed_zip(files))) == [(f"s.zip: {name}", OUT), ("s.zip: b.json", B)]


LINK, ODD = "It is a link, and links are not followed.", "It is not an ordinary file."


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}, LINK),
        ({"type": tarfile.LNKTYPE, "linkname": "after.json"}, LINK),
        ({"type": tarfile.CHRTYPE}, ODD),
        ({"type": tarfile.BLKTYPE}, ODD),
        ({"type": tarfile.FIFOTYPE}, ODD),
    ],
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path, about, reason):
    path = sent(tmp_path, "s.tar", one_header_tar(**about))

    assert told(path) == [("s.tar: odd", reason), ("s.tar: after.json", A)]


def test_a_sparse_file_which_could_grow_without_end_is_refused(tmp_path):
    header = tarfile.TarInfo("sparse.json")
    header.type = tarfile.GNUTYPE_SPARSE
    block = bytearray(header.tobuf(tarfile.GNU_FORMAT))
    block[483:495] = b"77777777777\0"  # the size it would grow to
    block[148:156] = b"%06o\0 " % tarfile.calc_chksums(bytes(block))[0]

    path = sent(tmp_path, "s.tar", bytes(block) + packed_tar({"b.json": B}, "w"))

    assert told(path) == [("s.tar: sparse.json", ODD), ("s.tar: b.json", B)]


def test_a_link_in_a_zip_is_refused(tmp_path):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        header = zipfile.ZipInfo("link.json")
        header.external_attr = 0o120777 << 16
        archive.writestr(header, "/etc/passwd")

    assert told(sent(tmp_path, "s.zip", kept.getvalue())) == [("s.zip: link.json", LINK)]


def test_an_encrypted_file_in_a_zip_is_refused_and_its_neighbours_are_read(tmp_path):
    whole = bytearray(packed_zip(FILES))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(header) + flags] |= 1

    assert told(sent(tmp_path, "s.zip", bytes(whole))) == [
        ("s.zip: one/a.json", "It is encrypted: send it without a password, over a safe way."),
        ("s.zip: two/b.json", B),
    ]


def test_a_file_packed_in_a_way_nobody_knows_is_refused(tmp_path):
    whole = bytearray(packed_zip({"a.json": A}))
    for header, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        whole[whole.index(header) + method] = 99

    [(name, reason)] = told(sent(tmp_path, "s.zip", bytes(whole)))

    assert (name, reason[:39]) == ("s.zip: a.json", "It is packed in a way that is not read:")


NARROW = Limits(ratio_from=1_000_000, ratio=20)
BOMB = "It unpacks to more than 20 times its size, so it was not read."


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("b.gz", gzip.compress(bytes(50_000_000)), "b.gz"),
        ("b.zip", packed_zip({"b.json": b" " * 50_000_000}), "b.zip: b.json"),
        ("b.tgz", packed_tar({"b.json": b" " * 50_000_000}), "b.tgz: b.json"),
    ],
)
def test_a_bomb_is_refused_before_it_fills_the_memory(tmp_path, name, content, place):
    path = sent(tmp_path, name, content)

    tracemalloc.start()
    found = told(path, NARROW)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (place, BOMB) in found
    assert {reason for _, reason in found} == {BOMB}
    assert highest < 12_000_000


def test_a_bomb_made_of_many_files_is_refused(tmp_path):
    files = {f"{n}.json": b" " * 300_000 for n in range(20)}

    found = told(sent(tmp_path, "s.zip", packed_zip(files)), NARROW)

    assert [said for _, said in found] == [b" " * 300_000] * 3 + [BOMB] * 17


def test_a_tar_header_that_would_fill_the_memory_is_refused(tmp_path):
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 30_000_000
    content = gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + os.urandom(64) * 480_000)

    found = told(sent(tmp_path, "s.tgz", content))

    assert found == [("s.tgz", "The archive is damaged: one of its headers is too long.")]


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path):
    noise = {f"{n}.json": os.urandom(600_000) for n in range(4)}

    found = told(sent(tmp_path, "s.tgz", packed_tar(noise)), Limits(unpacked=1_000_000))

    assert [name for name, _ in found] == ["s.tgz: 0.json", "s.tgz"]
    assert found[-1] == ("s.tgz", "It unpacks to more than 1 MB.")


def test_more_files_than_the_limit_are_not_read(tmp_path):
    files = {f"{n}.json": A for n in range(5)}
    more = "The archive holds more than 3 files; the rest was not read."

    for name, content in (("s.zip", packed_zip(files)), ("s.tgz", packed_tar(files))):
        found = told(sent(tmp_path, name, content), Limits(members=3))

        assert found == [*((f"{name}: {n}.json", A) for n in range(3)), (name, more)]


def test_a_file_too_large_to_be_held_is_refused(tmp_path):
    path = sent(tmp_path, "a.json", b" " * 2_000_001)

    reason = "It is larger than 2 MB: only NDJSON, one resource a line, may be."
    assert told(path, Limits(whole=2_000_000)) == [("a.json", reason)]


def test_links_pipes_and_what_lies_behind_them_in_a_folder_are_not_followed(tmp_path):
    folder = tmp_path / "sent"
    folder.mkdir()
    (folder / "a-link").symlink_to("/etc/passwd")
    (folder / "b-loop").symlink_to(folder)
    os.mkfifo(folder / "c-pipe")
    sent(folder, "d.json", A)

    assert told(folder) == [("sent/a-link", LINK), ("sent/b-loop", LINK), ("sent/c-pipe", ODD), ("sent/d.json", A)]


def test_a_link_named_on_the_command_is_followed(tmp_path):
    real = sent(tmp_path, "real.json", A)
    link = tmp_path / "link.json"
    link.symlink_to(real)

    assert told(link) == [("link.json", A)]


@contextlib.contextmanager
def an_ordinary_account():
    """Root reads everything; as nobody the mode of a file counts."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_file_or_folder_that_may_not_be_read_is_told():
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        top.chmod(0o755)
        sent(top, "a.json", A).chmod(0)
        (top / "b").mkdir(mode=0)
        sent(top, "c.json", B)
        with an_ordinary_account():
            found = told(top)
        (top / "b").chmod(0o700)

    assert found == [
        (f"{top.name}/a.json", "It may not be read with the rights of this account."),
        (f"{top.name}/b", "The folder may not be read with the rights of this account."),
        (f"{top.name}/c.json", B),
    ]


def test_a_name_that_could_not_be_stored_is_made_printable(tmp_path):
    path = sent(tmp_path, "s.tgz", packed_tar({"a\nb\x1b\udcff.json": A}))

    assert told(path) == [("s.tgz: a?b?\ufffd.json", A)]


ARCHIVES = {
    "s.zip": packed_zip({f"{n}.json": b"%d" % n for n in range(7)}),
    "s.tgz": packed_tar({f"{n}.json": b"%d" % n for n in range(7)}),
    "cut.tgz": packed_tar({f"{n}.json": os.urandom(3000) for n in range(9)})[:14_000],
    "nested.zip": packed_zip({"in.tgz": packed_tar(FILES), "../x": A, "b.json": B, "in.zip": b"PK\x03\x04"}),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_the_shares_of_an_archive_hold_every_file_and_every_refusal_once(tmp_path, name):
    path = sent(tmp_path, name, ARCHIVES[name])
    limits = Limits(share_from=0)

    shared = []
    for work in split([path], ways=3, limits=limits):
        for one in pickle.loads(pickle.dumps(work)).members(limits=limits):
            shared.append((one.name, one.read()) if isinstance(one, Member) else (one.place, one.reason))

    assert sorted(shared, key=str) == sorted(told(path), key=str)


def test_shares_take_turns_beginning_with_the_first(tmp_path):
    path = sent(tmp_path, "s.zip", ARCHIVES["s.zip"])
    limits = Limits(share_from=0)

    shares = [[one.read() for one in work.members(limits=limits)] for work in split([path], ways=3, limits=limits)]

    assert shares == [[b"0", b"3", b"6"], [b"1", b"4"], [b"2", b"5"]]


def test_a_large_member_is_given_to_every_share_and_a_small_file_to_one(tmp_path):
    small, large = sent(tmp_path, "small.json", A), sent(tmp_path, "large.ndjson", A * 100)
    limits = Limits(small=1000, share_from=1000)

    work = split([small, large], ways=2, limits=limits)

    shares = [(one.name, one.share.number, one.share.of) for w in work for one in w.members(limits=limits)]
    assert [w.name for w in work] == ["small.json", "large.ndjson", "large.ndjson"]
    assert shares == [("small.json", 0, 1), ("large.ndjson", 0, 2), ("large.ndjson", 1, 2)]


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}\.json", fullmatch=True), st.binary(min_size=1), max_size=5))
def test_any_files_come_out_of_an_archive_as_they_went_in(files):
    # what begins like an archive would be opened
    files = {name: b"{" + content for name, content in files.items()} or {"a.json": A}
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("s.tgz", packed_tar(files)), ("s.zip", packed_zip(files))):
            found = told(sent(Path(folder), name, content))

            assert found == [(f"{name}: {inner}", files[inner]) for inner in files]


@given(st.data())
def test_a_damaged_archive_never_raises_and_never_says_nothing(data):
    whole = data.draw(st.sampled_from(sorted(ARCHIVES.values())))
    spoiled = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for at in data.draw(st.lists(st.integers(0, len(spoiled) - 1), max_size=4)):
        spoiled[at] ^= data.draw(st.integers(1, 255))
    with tempfile.TemporaryDirectory() as folder:
        found = told(sent(Path(folder), "s", bytes(spoiled)))

    assert len(found) > 0
    assert all(said for _, said in found)
