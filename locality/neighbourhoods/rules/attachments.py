"""What may be attached to a note: PDF and pictures, told by their content; of a picture, the picture alone.

A camera writes where it stood, whose it is and a small copy into a picture. All of that is left out, without touching
the picture itself: the parts of a JPEG (ITU-T T.81, annex B) and of a PNG (W3C PNG, third edition, 5) that are not
needed to show it are not kept. Which way up it is (one number of EXIF) is.
"""

import struct
import zlib
from collections.abc import Iterator

from locality.base import Refused

LARGEST = 8_000_000
MOST_FILES = 6
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
PICTURES = (JPEG, PNG)
ENDINGS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}
NOT_TAKEN = "Only a PDF, or a picture as JPEG or PNG, is kept with a note. This is neither, whatever it is called."
TOO_LARGE = f"That is larger than {LARGEST // 1_000_000} MB. Send a smaller picture, or a part."
NOT_WHOLE = "This picture is not whole, or not made as pictures are, so what a camera hides in it cannot be taken out."
EMPTY = "There is nothing in this file."


def kept(content: bytes) -> tuple[str, bytes]:
    """The kind of a file, told by its content, and what is kept of it; raises Refused for anything else."""
    if not content:
        raise Refused(EMPTY)
    if len(content) > LARGEST:
        raise Refused(TOO_LARGE)
    if content.startswith(b"%PDF-"):
        return PDF, content
    try:
        if content.startswith(b"\xff\xd8\xff"):
            return JPEG, _plain_jpeg(content)
        if content.startswith(PNG_MARK):
            return PNG, _plain_png(content)
    except (struct.error, IndexError) as cut_short:
        raise Refused(NOT_WHOLE) from cut_short
    raise Refused(NOT_TAKEN)


# ---- JPEG

START, END, SCAN, EXIF = 0xD8, 0xD9, 0xDA, 0xE1
# JFIF, the profile of its colours, and Adobe's word on how they are meant
SHOWS_IT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
ALONE = {0x01, *range(0xD0, 0xD8)}
ORIENTATION = 0x0112


def _plain_jpeg(content: bytes) -> bytes:
    """The same picture without what its application parts and comments say."""
    parts, way_up = [b"\xff\xd8"], 1
    for mark, part in _jpeg_parts(content):
        if mark == EXIF and part[4:10] == b"Exif\0\0":
            way_up = _way_up(part[10:]) or way_up
        elif not (0xE0 <= mark <= 0xEF or mark == 0xFE) or part[4:].startswith(SHOWS_IT.get(mark, b"-")):
            parts.append(part)
    if way_up != 1:
        # after JFIF, before all that shows the picture
        parts.insert(2 if parts[1][:2] == b"\xff\xe0" else 1, _which_way_up(way_up))
    return b"".join(parts)


def _jpeg_parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each part with its mark, up to the end of the picture: what a telephone hangs on after that is not read."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise Refused(NOT_WHOLE)
        while content[at + 1] == 0xFF:
            at += 1
        mark = content[at + 1]
        if mark == END:
            yield mark, content[at : at + 2]
            return
        length = 0 if mark in ALONE else struct.unpack(">H", content[at + 2 : at + 4])[0]
        end = at + 2 + length
        if end > len(content):
            raise Refused(NOT_WHOLE)
        if mark == SCAN:
            end = _end_of_scan(content, end)
        yield mark, content[at:end]
        at = end


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next mark stands after the picture's own bits, in which a mark is written with a nought."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise Refused(NOT_WHOLE)
        if content[at + 1] != 0 and content[at + 1] not in range(0xD0, 0xD8):
            return at
        at += 2


def _way_up(exif: bytes) -> int:
    """Which way up a picture is, of all that EXIF says; 0 where it does not say, or not so that it can be read."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 0
    try:
        (first,) = struct.unpack(f"{order}I", exif[4:8])
        (many,) = struct.unpack(f"{order}H", exif[first : first + 2])
        for number in range(many):
            at = first + 2 + 12 * number
            tag, _, _, value = struct.unpack(f"{order}HHIH", exif[at : at + 10])
            if tag == ORIENTATION:
                return int(value) if 1 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _which_way_up(value: int) -> bytes:
    said = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, value, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(said) + 8) + b"Exif\0\0" + said


# ---- PNG

PNG_MARK = b"\x89PNG\r\n\x1a\n"
# what is needed to show it, and the way its colours are meant
SHOWN = {*(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD")}


def _plain_png(content: bytes) -> bytes:
    """The same picture without its words, times and EXIF, and without what follows its end."""
    parts, at = [PNG_MARK], len(PNG_MARK)
    while True:
        length, name = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + length
        if end > len(content) or struct.unpack(">I", content[end - 4 : end])[0] != zlib.crc32(
            content[at + 4 : end - 4]
        ):
            raise Refused(NOT_WHOLE)
        if name in SHOWN:
            parts.append(content[at:end])
        if name == b"IEND":
            return b"".join(parts)
        at = end
