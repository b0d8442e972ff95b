"""What was written of people here: notes with what they carry, who is close to them, how one comes in."""

from typing import Any
from uuid import UUID

from locality.base.ids import new_id
from locality.neighbourhoods.models import Contact, KeySafe, Note, NoteFile
from locality.web.family.safe import sealed_code
from tests import factories as make
from tests.neighbourhoods.pictures import jpeg
from tests.proof.world import World

EVERYBODY = ("own", "referred", "visited", "ended", "elsewhere", "unknown", "protected", "before")


def lay_out(world: World) -> None:
    """Of everybody a note of each class, somebody close and a key safe: each word of them stands nowhere else."""
    for key in EVERYBODY:
        hidden = {"before": "earlier"}.get(key, "")
        notes = [_note(world, key, data_class, hidden) for data_class in ("CLIN", "SOC", "SENS", "WORK")]
        world.ids[f"note of {key}"] = notes[0].thing
        world.ids[f"file of {key}"] = _file(world, key, notes[0], hidden)
        world.ids[f"contact of {key}"] = _contact(world, key, hidden)
        _key_safe(world, key, hidden or {"protected": "protected"}.get(key, ""))
    _restricted(world)


def _guarded(world: World, key: str, data_class: str) -> dict[str, Any]:
    return {
        "person_id": world.people[key].person,
        "data_class": data_class,
        "sender": make.organisation("RSB"),
    }


def _written(world: World) -> dict[str, Any]:
    who = world.lookers["clinician"].practitioner
    assert who is not None
    return {"written_at": make.ago(hours=3), "written_by": who.pk}


def _note(world: World, key: str, data_class: str, mark: str, **other: Any) -> Note:
    words = world.markers.word(key, "words of a note", data_class, inside=True, own=True, mark=mark)
    told = {"thing": new_id(), "kind": "visit", "happened_at": make.ago(hours=4), "words": words}
    return Note.objects.create(**(_guarded(world, key, data_class) | _written(world) | told | other))


def _file(world: World, key: str, note: Note, mark: str) -> UUID:
    name = world.markers.word(key, "name of a file", note.data_class, inside=True, own=True, mark=mark)
    content = jpeg()
    told = {"note": note.thing, "name": f"{name}.jpg", "kind": "image/jpeg", "size": len(content), "digest": b"-"}
    told |= {"content": content, "made_at": make.ago(hours=3), "made_by": new_id()}
    return NoteFile.objects.create(**_guarded(world, key, note.data_class), **told).pk


def _contact(world: World, key: str, mark: str) -> UUID:
    # their own pages do not show who is close to them
    name = world.markers.word(key, "somebody close", "SUM", own=True, mark=mark, shown=False)
    told = {"thing": new_id(), "name": name, "said_by": "They themselves", "roles": ["next of kin"]}
    return Contact.objects.create(**_guarded(world, key, "SUM"), **_written(world), **told).thing


def _key_safe(world: World, key: str, mark: str) -> None:
    code = world.markers.word(key, "code of a key safe", "LOC", mark=mark, own=True)
    person = world.people[key].person
    told = {"sealed": sealed_code(person=person, code=code, where=""), "said_by": "They themselves"}
    KeySafe.objects.create(**_guarded(world, key, "LOC"), **told, made_at=make.ago(hours=3), made_by=new_id())


def _restricted(world: World) -> None:
    """One that opens to nobody without breaking the glass, and one that was about somebody else."""
    _note(world, "own", "CLIN", "R", label="R", restricted_why="They asked")
    mixed_up = world.markers.word("unknown", "words about somebody else", "CLIN", inside=True, mark="wrong")
    told = {"thing": new_id(), "kind": "visit", "happened_at": make.ago(hours=5)}
    own = _guarded(world, "own", "CLIN") | _written(world) | told
    Note.objects.create(**own, words=mixed_up, is_current=False)
    Note.objects.create(**own, version=2, about_another=True, why="The next in my list")
