"""The only ways in: patients received and linked to people, people merged and parted."""

from locality.people.actions.faces import refresh_faces
from locality.people.actions.merging import merge_people, undo_merge
from locality.people.actions.patients import heard_of, receive_patients, take_away_patients

__all__ = [
    "heard_of",
    "merge_people",
    "receive_patients",
    "refresh_faces",
    "take_away_patients",
    "undo_merge",
]
