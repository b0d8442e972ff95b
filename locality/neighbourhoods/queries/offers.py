"""Whom the place's pack says teams are offered."""

from pathlib import Path

from locality.directory.pack import pack_folder, read_table
from locality.directory.rules import AfterWhat
from locality.neighbourhoods.rules.news import Offer


def offers(*, pack: str | Path = "") -> list[Offer]:
    """The rules of a pack, by name or folder, the default one without; none where it has none. Raises PackFaults."""
    return [
        Offer(after=AfterWhat(row["after"]), least_age=row["least_age"], within_days=row["within_days"])
        for row in read_table("offers", pack_folder(pack))
    ]
