"""From an entry to what will be stored of it: checked, named, read. No database."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from locality.access.rules import Seal
from locality.people.rules import PatientSent
from locality.record import rules
from locality.record.headlines import Headline, PatientColumns, headline, patient_columns
from locality.record.intake.entry import Entry, Unreadable
from locality.record.intake.structure import check
from locality.record.rules import Subject

SEAL_SYSTEM = "https://locality.example/CodeSystem/seal"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry that may be stored once its subject is known."""

    entry: Entry
    number: int
    thing: UUID
    type: str
    local_id: str
    digest: bytes
    said_at: datetime
    headline: Headline
    subject: Subject | None
    sent: PatientSent | None
    seal: Seal = Seal.NONE
    removed: bool = False


def prepare(
    *, entry: Entry, number: int, source: UUID, at: datetime, in_bundle: dict[str, str]
) -> Prepared | Unreadable:
    """Check one entry and read its headline; what cannot be stored comes back with its reason."""
    if entry.verb == "DELETE":
        return _taking_away(entry=entry, number=number, source=source, at=at)
    resource, problems = check(entry.content)
    if problems:
        return Unreadable(entry.place, entry.content, " ".join(problems), resource=True)
    digest = rules.digest_of(entry.content)
    local_id = rules.local_id_of(resource=resource, full_url=entry.full_url, digest=digest)
    said_at = _said_at(resource) or at
    line = headline(resource)
    is_patient = line.type == "Patient"
    return Prepared(
        entry=entry,
        number=number,
        thing=rules.thing_id(source=source, type=line.type, local_id=local_id),
        type=line.type,
        local_id=local_id,
        digest=digest,
        said_at=said_at,
        headline=line,
        subject=_subject(line, local_id=local_id, is_patient=is_patient, in_bundle=in_bundle),
        sent=_sent(resource, source=source, local_id=local_id, said_at=said_at) if is_patient else None,
        seal=_seal(resource),
    )


def _seal(resource: dict) -> Seal:
    """What the person asked the sender to close, as a security label of our own; the tighter one holds."""
    labels = (resource.get("meta") or {}).get("security") or ()
    said = {label.get("code") for label in labels if label.get("system") == SEAL_SYSTEM}
    return Seal.LOCKED if Seal.LOCKED in said else Seal.SEALED if Seal.SEALED in said else Seal.NONE


def _subject(line: Headline, *, local_id: str, is_patient: bool, in_bundle: dict[str, str]) -> Subject | None:
    if is_patient:
        return Subject(local_id=local_id)
    return rules.subject_of(reference=line.patient, in_bundle=in_bundle) if line.patient else None


def _said_at(resource: dict) -> datetime | None:
    stamp = (resource.get("meta") or {}).get("lastUpdated")
    if not isinstance(stamp, str):
        return None
    try:
        said_at = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return said_at.astimezone(UTC) if said_at.tzinfo and 1900 <= said_at.year <= 9000 else None


# what the reading of a Patient and the keeping of a patient call by the same name
SAME = (
    *("active", "family", "given", "prefix", "likes", "birth_on", "birth_text", "sex", "died", "died_on"),
    *("postcode", "protected", "phone", "email", "language", "interpreter", "practice_words"),
)


def _sent(resource: dict, *, source: UUID, local_id: str, said_at: datetime) -> PatientSent:
    columns: PatientColumns = patient_columns(resource)
    return PatientSent(
        source=source,
        local_id=local_id,
        said_at=said_at,
        former_names=tuple(columns.former_names),
        former_postcodes=tuple(columns.former_postcodes),
        address_lines=tuple(columns.address_lines),
        practice_code=columns.practice,
        identifiers=tuple((system, value) for system, value, _ in columns.identifiers),
        replaced_by=_replaced_by(columns),
        **{name: getattr(columns, name) for name in SAME},
    )


def _replaced_by(columns: PatientColumns) -> str:
    for kind, reference in columns.links:
        if kind == "replaced-by":
            return rules.subject_of(reference=reference, in_bundle={}).local_id
    return ""


def _taking_away(*, entry: Entry, number: int, source: UUID, at: datetime) -> Prepared | Unreadable:
    kind, _, local_id = entry.url.partition("/")
    if not (kind.isalpha() and rules.FHIR_ID.fullmatch(local_id)):
        return Unreadable(entry.place, entry.content, "It deletes something, but does not name one resource by its id.")
    return Prepared(
        entry=entry,
        number=number,
        thing=rules.thing_id(source=source, type=kind, local_id=local_id),
        type=kind,
        local_id=local_id,
        digest=rules.digest_of(b"DELETE " + entry.url.encode()),
        said_at=at,
        headline=headline({"resourceType": kind, "id": local_id}),
        subject=None,
        sent=None,
        removed=True,
    )
