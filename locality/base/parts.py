"""A part of a list, and how many there are in all: a part is never taken for the whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

Row = TypeVar("Row", covariant=True)


class Rows(Protocol[Row]):
    """What can be cut and counted without reading all of it."""

    def __getitem__(self, part: slice, /) -> Iterable[Row]: ...

    def count(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a list is shown: its first and last place, of how many; the first page is 1."""

    total: int
    page: int
    most: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.most))

    @property
    def first(self) -> int:
        return min((self.page - 1) * self.most + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.page * self.most, self.total)


def part(rows: Rows[Row], *, most: int, page: int = 1) -> tuple[list[Row], Part]:
    """One page of these rows, the last where there are not as many; they are counted only where they do not all fit."""
    found = list(rows[(page - 1) * most : page * most])
    whole = page == 1 and len(found) < most
    total = len(found) if whole else rows.count()
    shown = Part(total=total, page=page, most=most)
    return part(rows, most=most, page=shown.pages) if page > shown.pages else (found, shown)
