"""FHIR XML in, turned into the JSON that the same sender would have sent. https://hl7.org/fhir/R4/xml.html

Numbers keep their exact digits. A DTD, an entity and an encoding that could hide them are refused before parsing.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import msgspec
from lxml import etree

from . import fhir_bundle, r4
from .entry import Entry, Unreadable
from .strict import BYTE_ORDER_MARK, NotStrict, plain_name

FHIR = "{http://hl7.org/fhir}"
DIV = "{http://www.w3.org/1999/xhtml}div"
ENTRY_RESOURCE = "entry.resource"
CDA = "{urn:hl7-org:v3}"
# In these encodings (and UTF-8) "<!DOCTYPE" cannot be written with other bytes.
ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252")

_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBERS = {"decimal": _DECIMAL, "integer": _WHOLE, "positiveInt": _WHOLE, "unsignedInt": _WHOLE}
_BOOLEANS = {"true": True, "false": False}


def to_json(content: bytes) -> bytes:
    """The JSON of one resource in XML; raises NotStrict when it is not FHIR R4 in XML."""
    return msgspec.json.encode(_resource(_root(content), ""))


def entries(place: str, content: bytes) -> Iterator[Entry | Unreadable]:
    """What one XML file holds, each resource as JSON; as `fhir_bundle.entries` does with a JSON file."""
    try:
        root = _root(content)
        if root.tag == f"{FHIR}Bundle":
            for one in _bundle(place, content, root):
                yield replace(one, sent=content) if isinstance(one, Entry) else one
            return
        resource = msgspec.json.encode(_resource(root, ""))
    except NotStrict as refusal:
        yield Unreadable(place, content, str(refusal))
        return
    yield Entry(place, resource, sent=content)


def _bundle(place: str, content: bytes, root: etree._Element) -> Iterator[Entry | Unreadable]:
    parts = list(enumerate(root.iterchildren(f"{FHIR}entry"), start=1))
    if not parts:
        yield Unreadable(place, content, fhir_bundle.NO_ENTRIES)
    kind = root.find(f"{FHIR}type")
    for number, part in fhir_bundle.oldest_first(parts, "" if kind is None else kind.get("value")):
        where = f"{place} entry {number}"
        try:
            sent = msgspec.json.encode(_complex("Bundle.entry", part, "entry"))
        except NotStrict as refusal:
            yield Unreadable(where, etree.tostring(part, encoding="utf-8", with_tail=False), str(refusal))
        else:
            yield from fhir_bundle.bundle_entry(where, sent)


def _root(content: bytes) -> etree._Element:
    content = content.removeprefix(BYTE_ORDER_MARK).strip()
    if not content:
        raise NotStrict("It is empty.")
    if b"\0" in content[:4] or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotStrict("The text is UTF-16 or UTF-32; FHIR must be UTF-8.")
    declared = _DECLARED.match(content)
    if declared and declared[1].lower() not in ENCODINGS:
        raise NotStrict("The XML names an encoding that is not read; FHIR must be UTF-8.")
    if b"<!DOCTYPE" in content:
        raise NotStrict("The XML has a DOCTYPE (a DTD), which FHIR does not allow.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise NotStrict(_sentence(error)) from None


def _sentence(error: etree.XMLSyntaxError) -> str:
    line, column = error.position
    said = error.msg or ""
    what = "The XML is broken"
    if "Premature end" in said or "EndTag" in said or "Couldn't find end of Start Tag" in said:
        what = "The XML stops in the middle: it was cut short"
    elif "depth" in said:
        what = "The XML is nested too deep"
    elif "Entity" in said:
        what = "The XML uses an entity, which FHIR does not allow"
    elif "encoding" in said or "UTF-8" in said:
        what = "The text is not in the encoding it says (UTF-8 when it says none)"
    return f"{what} (line {line} column {column})."


def _resource(element: etree._Element, path: str) -> dict:
    kind = element.tag.removeprefix(FHIR)
    where = f"{path}: " if path else ""
    if element.tag.startswith(CDA):
        raise NotStrict(f"{where}This is a CDA document, not FHIR R4.")
    if not element.tag.startswith(FHIR):
        raise NotStrict(f"{where}The XML is not in FHIR's namespace (http://hl7.org/fhir).")
    if kind not in r4.resources():
        raise NotStrict(f"{where}The resource type {plain_name(kind) or 'given'} is not one of FHIR R4.")
    return {"resourceType": kind, **_complex(kind, element, path or kind)}


def _complex(kind: str, element: etree._Element, path: str, *, plain: bool = False) -> dict:
    known = r4.fields(kind)
    written: dict = {}
    for name, value in element.attrib.items():
        if name in known and known[name].element.attribute:
            written[name] = value
        elif not (name.startswith("{") or (plain and name == "value")):
            raise NotStrict(f"{path} has an attribute that FHIR R4 does not.")
    for name, children in _children(element, path).items():
        if name not in known or known[name].element.attribute:
            raise NotStrict(f"{path}.{plain_name(name) or 'an element'} is not in FHIR R4.")
        if len(children) > 1 and not known[name].element.many:
            raise NotStrict(f"{path}.{name} stands more than once.")
        written |= _values(known[name], name, children, f"{path}.{name}")
    return written


def _children(element: etree._Element, path: str) -> dict[str, list[etree._Element]]:
    named: dict[str, list[etree._Element]] = {}
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        raise NotStrict(f'{path} holds bare text; FHIR XML writes values as value="...".')
    for child in element:
        if not (child.tag.startswith(FHIR) or child.tag == DIV):
            raise NotStrict(f"{path} holds an element outside FHIR's namespace (http://hl7.org/fhir).")
        named.setdefault(etree.QName(child).localname, []).append(child)
    return named


def _values(field: r4.Field, name: str, children: list[etree._Element], path: str) -> dict:
    """The values under their name; of plain ones also the ids and extensions, under `_name`."""
    found: dict[str, list]
    if r4.is_plain(field.kind) and field.kind != "xhtml":
        pairs = [_plain(field.kind, child, path) for child in children]
        found = {name: [value for value, _ in pairs], f"_{name}": [extra or None for _, extra in pairs]}
        found = {each: ones for each, ones in found.items() if any(one is not None for one in ones)}
    else:
        found = {name: [_one(field.kind, child, path) for child in children]}
    return found if field.element.many else {each: ones[0] for each, ones in found.items()}


def _one(kind: str, element: etree._Element, path: str) -> object:
    if kind == "xhtml":
        return _narrative(element)
    if kind != "Resource":
        return _complex(kind, element, path)
    if len(element) != 1:
        raise NotStrict(f"{path} must hold one resource.")
    # The place of the entry is told with the entry: only what lies inside a resource needs its path.
    return _resource(element[0], "" if path == ENTRY_RESOURCE else path)


def _plain(kind: str, element: etree._Element, path: str) -> tuple[object, dict]:
    """The value of a plain element (None: it has none), and its id and extensions."""
    extra = _complex("Element", element, path, plain=True)
    text = element.get("value")
    if text is None and not extra:
        raise NotStrict(f"{path} is empty.")
    if text is None:
        return None, extra
    if kind in _NUMBERS:
        if not _NUMBERS[kind].fullmatch(text):
            raise NotStrict(f"{path} is not a number.")
        return msgspec.Raw(text.encode()), extra
    # What is neither true nor false stays text, and the structure check says so.
    return (_BOOLEANS.get(text, text) if kind == "boolean" else text), extra


def _narrative(element: etree._Element) -> str:
    alone = deepcopy(element)
    alone.tail = None
    etree.cleanup_namespaces(alone)
    return etree.tostring(alone, encoding="unicode")
