"""What is inside a stream: itself, or the members of the archive that it is (gzip, zip, tar)."""

import gzip
import io
import re
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from locality.record.intake.archives.limits import MB, Limits
from locality.record.intake.archives.member import WHOLE, Member, Share, printable
from locality.record.intake.archives.metered import (
    ERRORS,
    Damaged,
    Inner,
    Meter,
    Metered,
    metered,
    peek,
    read_up_to,
    words_of,
)
from locality.record.intake.entry import Unreadable

ARCHIVES = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"PK\x07\x08": "zip"}
NOT_READ = {
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}
OFFICE = "It is an Office document: save the sheet as CSV and send that."
BLOCK = 512  # a tar is made of these, and ends with empty ones


def kind_of(head: bytes) -> str:
    """What a file is by its first bytes, whatever it is called: gzip, zip, tar, or nothing known ("")."""
    if head[257:262] == b"ustar" or head[:BLOCK] == bytes(BLOCK):
        return "tar"
    return next((kind for magic, kind in ARCHIVES.items() if head.startswith(magic)), "")


def _not_read(head: bytes) -> str:
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return OFFICE
    kind = next((kind for magic, kind in NOT_READ.items() if head.startswith(magic)), "")
    return f"It is packed with {kind}, which is not read: send it as .zip, .gz or .tgz." if kind else ""


DRIVE = re.compile(r"^[A-Za-z]:")


def _name_refusal(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if parts[0] == "" or ".." in parts or DRIVE.match(name):
        return "Its name leads out of the archive, so it was not read."
    return ""


def _hidden(name: str) -> bool:
    """Whether it is what a computer leaves behind; a name that leads out is not hidden but refused."""
    parts = name.split("/")
    left_behind = any(part == "__MACOSX" or (part.startswith(".") and part != ".") for part in parts)
    return left_behind and not _name_refusal(name)


TEXT_HEADERS = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)


class _TarHeader(tarfile.TarInfo):
    """A tar header that is loud: Python's own takes a broken one for the end of the archive."""

    @classmethod
    def fromtarfile(cls, tar):
        try:
            return super().fromtarfile(tar)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]  # the stubs leave it out
            raise
        except (tarfile.EmptyHeaderError, tarfile.TruncatedHeaderError):  # type: ignore[attr-defined]  # likewise
            raise Damaged("The archive is cut short.") from None
        except tarfile.HeaderError:
            raise Damaged("The archive is damaged: what follows cannot be read.") from None

    def _proc_member(self, tar):
        # the header's own text (long names, attributes) may not fill the memory
        if self.type in TEXT_HEADERS and self.size > MB:
            raise Damaged("The archive is damaged: one of its headers is too long.")
        return super()._proc_member(tar)  # type: ignore[misc]  # meant to be overridden, as tarfile says


class _Readable:
    """A stream that ends where it fails: tarfile loses what it had read when a read raises."""

    def __init__(self, reader: io.BufferedReader):
        self.reader = reader

    def read(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            try:
                chunk = self.reader.read1(size - len(found))
            except Damaged:
                break
            if not chunk:
                break
            found += chunk
        return found


class Opening:
    """One path being opened: counts what it holds, and passes on only this worker's share."""

    def __init__(self, *, limits: Limits, share: Share, meter: Meter):
        self.limits, self.share, self.meter = limits, share, meter
        self.count = 0

    def anything(self, name: str, stream: io.BufferedReader, *, depth: int, size: int | None = None):
        """What a stream holds: itself, or when it is an archive what is in it."""
        try:
            head = peek(stream)
        except (Damaged, OSError) as error:
            yield from self.refuse(name, words_of(error))
            return
        kind = kind_of(head)
        if refusal := "The file is empty." if not head else _not_read(head):
            yield from self.refuse(name, refusal)
        elif not kind:
            yield from self.leaf(name, stream, size)
        elif depth >= self.limits.depth:
            yield from self.refuse(name, "It is an archive too deep inside other archives.")
        else:
            yield from {"gzip": self.from_gzip, "zip": self.from_zip, "tar": self.from_tar}[kind](
                name, stream, depth + 1
            )

    def refuse(self, name: str, reason: str) -> Iterator[Unreadable]:
        mine = self.share.holds(self.count)
        self.count += 1
        if mine:
            yield Unreadable(name, b"", reason)

    def leaf(self, name: str, stream: io.BufferedReader, size: int | None) -> Iterator[Member]:
        mine = self.share.holds(self.count)
        self.count += 1
        reader = metered(stream)
        if self.share.of > 1 and (size is None or size > self.limits.small):
            yield Member(name, reader, size, self.share, self.limits)
        elif mine:
            yield Member(name, reader, size, WHOLE, self.limits)

    def from_gzip(self, name: str, stream: io.BufferedReader, depth: int):
        inner = metered(gzip.GzipFile(fileobj=stream, mode="rb"), self.meter)
        try:
            is_tar = kind_of(peek(inner)) == "tar"
        except Damaged as error:
            yield from self.refuse(name, str(error))
            return
        if is_tar:
            yield from self.from_tar(name, inner, depth)
        else:
            yield from self.anything(name, inner, depth=depth)

    def from_zip(self, name: str, stream: io.BufferedReader, depth: int):
        try:
            source = stream if stream.seekable() else io.BytesIO(self._held(stream))
            archive = zipfile.ZipFile(source)
        except (Damaged, ValueError, *ERRORS) as error:
            reason = str(error) if isinstance(error, Damaged) else CUT_ZIP
            yield from self.refuse(name, reason)
            return
        with archive:
            if "[Content_Types].xml" in archive.namelist():
                yield from self.refuse(name, OFFICE)
            else:
                yield from self._zip_members(name, archive, depth)

    def _zip_members(self, name: str, archive: zipfile.ZipFile, depth: int):
        found = False
        for header in archive.infolist():
            if header.is_dir() or _hidden(header.filename):
                continue
            found = True
            place = f"{name}: {printable(header.filename)}"
            if self._too_many():
                yield from self.refuse(name, self._too_many())
                return
            if reason := _name_refusal(header.filename) or _zip_refusal(header):
                yield from self.refuse(place, reason)
                continue
            try:
                opened = archive.open(header)
            except ERRORS as error:
                yield from self.refuse(place, words_of(error))
                continue
            with opened:
                yield from self.anything(
                    place, metered(cast(Inner, opened), self.meter), depth=depth, size=header.file_size
                )
        if not found:
            yield from self.refuse(name, "The archive holds no files.")

    def from_tar(self, name: str, stream: io.BufferedReader, depth: int):
        reader = metered(stream)
        before = self.count
        try:
            with tarfile.open(fileobj=cast(BinaryIO, _Readable(reader)), mode="r|", tarinfo=_TarHeader) as archive:
                while (header := archive.next()) is not None:
                    archive.members.clear()  # type: ignore[attr-defined]  # else a million headers stay in memory
                    if self._too_many():
                        raise Damaged(self._too_many())
                    yield from self._tar_member(name, archive, header, depth, reader.source)
            _read_out(reader)
        except (Damaged, *ERRORS) as error:
            # what ails the stream tells more than that the tar ended too early
            yield from self.refuse(name, words_of(reader.source.failure or error))
            return
        if self.count == before:
            yield from self.refuse(name, "The archive holds no files.")

    def _tar_member(self, name: str, archive: tarfile.TarFile, header: tarfile.TarInfo, depth: int, outer: Metered):
        if header.isdir() or _hidden(header.name):
            return
        place = f"{name}: {printable(header.name)}"
        if reason := _name_refusal(header.name) or _tar_refusal(header):
            yield from self.refuse(place, reason)
            return
        stream: io.BufferedReader = metered(cast(Inner, archive.extractfile(header)), outer=outer)
        if header.size <= self.limits.small:
            # read at once, so that a cut archive is told from a bad file, the same way by every share
            stream = io.BufferedReader(cast(io.RawIOBase, io.BytesIO(stream.read())))
        yield from self.anything(place, stream, depth=depth, size=header.size)

    def _held(self, stream: io.BufferedReader) -> bytes:
        content = read_up_to(stream, self.limits.whole)
        if len(content) > self.limits.whole:
            raise Damaged(f"It is a zip of over {self.limits.whole // MB} MB inside another archive.")
        return content

    def _too_many(self) -> str:
        if self.count < self.limits.members:
            return ""
        return f"The archive holds more than {self.limits.members:,} files; the rest was not read."


CUT_ZIP = "The zip is damaged or cut short: its list of contents, at its end, cannot be read."


def _zip_refusal(header: zipfile.ZipInfo) -> str:
    if header.flag_bits & 1:
        return "It is encrypted: send it without a password, over a safe way."
    if stat.S_ISLNK(header.external_attr >> 16):
        return "It is a link, and links are not followed."
    return ""


def _tar_refusal(header: tarfile.TarInfo) -> str:
    if header.issym() or header.islnk():
        return "It is a link, and links are not followed."
    if header.issparse() or not header.isreg():
        return "It is not an ordinary file."
    return ""


def _read_out(reader: io.BufferedReader) -> None:
    """Read an archive to its end, where its checksum stands."""
    while reader.read(MB):
        pass
