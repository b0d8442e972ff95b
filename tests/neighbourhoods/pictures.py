"""Pictures small enough to be written by hand, with what cameras hide in them."""

import struct
import zlib

PLACE = b"53.5608 N 2.3266 W"


def exif(way_up: int = 6) -> bytes:
    """EXIF that says which way up, and after it where it was taken."""
    told = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, way_up, 0, 0) + PLACE
    return b"Exif\0\0" + told


def part(mark: int, told: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(told) + 2) + told


JFIF = part(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
TABLE = part(0xDB, b"\0" + bytes(range(1, 65)))
FRAME = part(0xC0, b"\x08\0\x01\0\x01\x01\x01\x11\0")
CODES = part(0xC4, b"\0" + b"\0\x01" + b"\0" * 14 + b"\0")
# a mark inside the picture's own bits is written with a nought, and marks of restart stand alone
SCAN = part(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x3f\xff\0\xff\xd0\x3f"


def jpeg(*hidden: bytes, after: bytes = b"") -> bytes:
    return b"\xff\xd8" + JFIF + b"".join(hidden) + TABLE + FRAME + CODES + SCAN + b"\xff\xd9" + after


def chunk(name: bytes, told: bytes) -> bytes:
    return struct.pack(">I", len(told)) + name + told + struct.pack(">I", zlib.crc32(name + told))


def png(*hidden: bytes, after: bytes = b"") -> bytes:
    """One grey dot."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    dot = chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(hidden) + dot + chunk(b"IEND", b"") + after
