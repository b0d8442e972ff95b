"""HL7 v2 messages in their classic (ER7) form. https://www.hl7.eu/HL7v2x/v251/std251/ch02.html

Only the grammar: segments, fields, repetitions, components, subcomponents, escapes and character sets.
"""

import re
from dataclasses import dataclass

from locality.base import Refused

SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}\Z")
VERSION = re.compile(r"2\.[1-9](\.[0-9])?\Z")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
HEX = re.compile(r"X((?:[0-9A-Fa-f]{2})+)\Z")
DELETED = '""'  # HL7's way to say: forget what was sent before

# What MSH-18 calls them. Windows writes 0x80-0x9F where ISO 8859-1 has nothing that stands in a name.
CHARSETS = {
    "": "utf-8",
    "ASCII": "utf-8",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "8859/1": "cp1252",
    "ISO-8859-1": "cp1252",
    "ISO8859-1": "cp1252",
    "WINDOWS-1252": "cp1252",
    **{f"8859/{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 15)},
}


class BadMessage(Refused):
    """A message that cannot be taken in; the sentence names the segment and never what stands in it."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The separators that a message declares in MSH-1 and MSH-2."""

    field: str = "|"
    component: str = "^"
    repeat: str = "~"
    escape: str = "\\"
    sub: str = "&"
    charset: str = "utf-8"

    def plain(self, text: str) -> str:
        """The text with its escapes resolved, and HL7's "deleted" as nothing."""
        if self.escape in text:
            text = self._unescaped(text)
        return "" if text == DELETED else text.strip()

    def _unescaped(self, text: str) -> str:
        parts = text.split(self.escape)
        if len(parts) % 2 == 0:  # one too many: the last stands for itself
            parts[-2:] = [self.escape.join(parts[-2:])]
        for at in range(1, len(parts), 2):
            parts[at] = self._escaped(parts[at])
        return "".join(parts)

    def _escaped(self, code: str) -> str:
        mark = {"F": self.field, "S": self.component, "R": self.repeat, "E": self.escape, "T": self.sub}.get(code)
        if mark is not None:
            return mark
        if code in ("H", "N"):  # highlighting on and off
            return ""
        if code.startswith(".br") or code.startswith(".sp"):
            return "\n"
        if found := HEX.match(code):
            return CONTROLS.sub("", bytes.fromhex(found[1]).decode(self.charset, "replace"))
        return f"{self.escape}{code}{self.escape}"  # a sender's own: kept as sent


class Field:
    """One repetition of a field: its components, counted from 1 as the standard does."""

    __slots__ = ("marks", "raw", "texts")

    def __init__(self, raw: str, marks: Marks):
        parts = raw.split(marks.component)
        if marks.escape in raw or marks.sub in raw or DELETED in raw:
            parts = [marks.plain(part.split(marks.sub, 1)[0]) for part in parts]
        elif " " in raw:
            parts = [part.strip() for part in parts]
        self.raw, self.marks = raw, marks
        # one list, long enough for any component asked for: nothing is read more often
        self.texts = parts + NO_TEXTS

    def text(self, component: int = 1) -> str:
        """A component as plain text; "" when it was not sent or was sent as deleted."""
        return self.texts[component - 1]

    def sub(self, component: int, number: int) -> str:
        """A subcomponent as plain text."""
        parts = self.raw.split(self.marks.component)
        subs = parts[component - 1].split(self.marks.sub) if component <= len(parts) else []
        return self.marks.plain(subs[number - 1]) if number <= len(subs) else ""


NO_TEXTS = [""] * 20
NO_FIELDS = [""] * 60
NO_FIELD = Field("", Marks())


class Segment:
    """One segment: its name and its fields, counted from 1 as the standard does."""

    __slots__ = ("fields", "marks", "name")

    def __init__(self, name: str, fields: list[str], marks: Marks):
        self.name, self.marks = name, marks
        # long enough for any field asked for
        self.fields = fields + NO_FIELDS

    def raw(self, number: int) -> str:
        """A field as sent."""
        return self.fields[number]

    def repeats(self, number: int) -> list[Field]:
        """The repetitions of a field that hold something."""
        raw = self.raw(number)
        if not raw or raw == DELETED:
            return []
        if self.marks.repeat not in raw:
            return [Field(raw, self.marks)]
        return [Field(one, self.marks) for one in raw.split(self.marks.repeat) if one]

    def first(self, number: int) -> Field:
        """The first repetition of a field, empty when there is none."""
        raw = self.fields[number]
        if not raw:
            return NO_FIELD
        return Field(raw.split(self.marks.repeat, 1)[0] if self.marks.repeat in raw else raw, self.marks)

    def text(self, number: int, component: int = 1) -> str:
        """A component of a field's first repetition, as plain text."""
        raw = self.fields[number]
        if component == 1 and raw.isalnum():  # most are: no marks in it, nothing to take apart
            return raw
        return self.first(number).texts[component - 1]


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its segments in order, and the bytes it was sent as."""

    content: bytes
    segments: list[Segment]
    named: dict[str, list[Segment]]

    @property
    def header(self) -> Segment:
        return self.segments[0]

    def all(self, name: str) -> list[Segment]:
        """The segments of that name, in order."""
        return self.named.get(name, [])

    def only(self, name: str) -> Segment:
        """The first segment of that name, or an empty one."""
        found = self.named.get(name)
        return found[0] if found else Segment(name, [name], self.header.marks)

    @property
    def kind(self) -> tuple[str, str]:
        """Message type and trigger event: ("ADT", "A01"). Old senders tell the event in EVN-1 only."""
        kind = self.header.first(9)
        return kind.text(1), kind.text(2) or self.only("EVN").text(1)


def parse(content: bytes) -> Message:
    """One message, from its MSH on; raise BadMessage when it breaks the grammar of HL7 v2."""
    codec = _codec(content)
    try:
        lines = content.decode(codec).replace("\n", "\r").split("\r")
    except UnicodeDecodeError:
        raise BadMessage("The message is not in the character set that MSH-18 names (or UTF-8).") from None
    marks = _marks(lines[0], codec)
    segments: list[Segment] = []
    named: dict[str, list[Segment]] = {}
    for line in lines:
        if not line.strip():
            continue
        fields = line.split(marks.field)
        if not SEGMENT.match(fields[0]):
            raise BadMessage(f"A line after {segments[-1].name} does not start with the name of a segment.")
        if not segments:
            fields.insert(1, marks.field)  # MSH-1 is the separator itself
        segments.append(Segment(fields[0], fields, marks))
        named.setdefault(fields[0], []).append(segments[-1])
    message = Message(content, segments, named)
    if not VERSION.match(message.header.text(12)):
        raise BadMessage("MSH-12 does not name a version of HL7 v2 (2.1 to 2.9).")
    return message


def _codec(content: bytes) -> str:
    """What the message is written in. MSH-18 can be read before the rest: it is ASCII."""
    if b"\x00" in content:
        raise BadMessage("The message holds a NUL character.")
    header = content[:1000].replace(b"\n", b"\r").split(b"\r", 1)[0]
    fields = header.split(header[3:4])
    name = fields[17].split(header[5:6] or b"~", 1)[0] if len(fields) > 17 else b""
    codec = CHARSETS.get(name.decode("ascii", "replace").strip(' "').upper())
    if codec is None:
        raise BadMessage("MSH-18 names a character set that is not read: send UNICODE UTF-8 or 8859/1.")
    return codec


def _marks(header: str, codec: str) -> Marks:
    """MSH-1 and MSH-2: "|" and "^~\\&", with "#" for cut text from version 2.7 on."""
    field = header[3:4]
    others = header[4:].split(field, 1)[0] if field else ""
    chosen = field + others
    if len(others) not in (4, 5) or len(set(chosen)) != len(chosen) or any(one.isalnum() for one in chosen):
        raise BadMessage("MSH-1 and MSH-2 do not name the separators of the message.")
    return Marks(field, others[0], others[1], others[2], others[3], codec)
