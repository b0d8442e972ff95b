"""A picture as it is kept: what was told, in JSON, without a word of why anything was kept back."""

from collections.abc import Mapping
from typing import Any

from locality.methods.small_numbers import Release, Told
from locality.population.rules.picture import Safe


def written(safe: Safe) -> dict[str, Any]:
    """A safe picture as JSON."""
    within = {name: written_release(one) for name, one in safe.within.items()}
    return {"whole": written_release(safe.whole), "unit": safe.unit, "within": within}


def read(told: Mapping[str, Any]) -> Safe:
    """What `written` wrote."""
    within = {name: read_release(one) for name, one in told["within"].items()}
    return Safe(read_release(told["whole"]), told["unit"], within)


def written_release(one: Release) -> dict[str, Any]:
    """A release as JSON: null for whatever is not told."""
    return {
        "total": _written(one.total),
        "tables": {
            way: None if groups is None else {name: _written(each) for name, each in groups.items()}
            for way, groups in one.tables.items()
        },
        "crossed": [
            [*ways, None if cells is None else [[*cell, _written(cells[cell])] for cell in sorted(cells)]]
            for ways, cells in sorted(one.crossed.items(), key=lambda crossing: crossing[0])
        ],
    }


def read_release(told: Mapping[str, Any]) -> Release:
    """What `written_release` wrote."""
    return Release(
        _read(told["total"]),
        {
            way: None if groups is None else {name: _read(each) for name, each in groups.items()}
            for way, groups in told["tables"].items()
        },
        {
            (first, second): None if cells is None else {(row, column): _read(each) for row, column, each in cells}
            for first, second, cells in told["crossed"]
        },
    )


def _written(one: Told) -> list[int] | None:
    return None if one.columns is None else list(one.columns)


def _read(told: list[int] | None) -> Told:
    return Told(None if told is None else tuple(told))
