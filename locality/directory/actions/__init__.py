"""What changes the directory: loading a pack, and staff who come, move and go."""

from locality.directory.actions.packs import Loaded, load_pack
from locality.directory.actions.practitioners import (
    add_practitioner,
    change_end,
    change_practitioner,
    join_team,
    leave_team,
)

__all__ = [
    "Loaded",
    "add_practitioner",
    "change_end",
    "change_practitioner",
    "join_team",
    "leave_team",
    "load_pack",
]
