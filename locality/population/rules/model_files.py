"""Where models lie: dated JSON that a person can read, one file a training, none ever written over."""

import json
from datetime import date
from pathlib import Path

from locality.base import NotFound, Refused
from locality.methods.additive import Additive

FOLDER, NAME = "models", "emergency-admission"
NONE_YET = "There is no local model yet: run `locality train-model`."


def file_for(folder: Path, *, on: date) -> Path:
    """A name that nothing has yet."""
    number = 1
    while (path := folder / f"{NAME}-{on}-{number:02d}.json").exists():
        number += 1
    return path


def saved_model(folder: Path) -> tuple[Additive, Path]:
    """The newest model of a folder; NotFound where there is none, Refused for one that cannot be read."""
    found = sorted(folder.glob(f"{NAME}-*.json"))
    if not found:
        raise NotFound(NONE_YET)
    return read_model(found[-1]), found[-1]


def read_model(path: Path) -> Additive:
    """The model of a file."""
    try:
        return Additive.read(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise NotFound(f"There is no model at {path}.") from None
    except (OSError, ValueError, AttributeError) as fault:
        raise Refused(f"{path} is no model: {fault}.") from fault
