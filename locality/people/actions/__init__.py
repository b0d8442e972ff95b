"""The only ways in: patients received and linked to people, people merged and parted."""

from locality.people.actions.everybody import Everybody, link_everybody
from locality.people.actions.faces import refresh_faces
from locality.people.actions.linking import Linking, link_again
from locality.people.actions.merging import merge_people, undo_merge
from locality.people.actions.patients import (
    Kept,
    keep_patients,
    link_patients,
    receive_patients,
)

__all__ = [
    "Everybody",
    "Kept",
    "Linking",
    "keep_patients",
    "link_again",
    "link_everybody",
    "link_patients",
    "merge_people",
    "receive_patients",
    "refresh_faces",
    "undo_merge",
]
