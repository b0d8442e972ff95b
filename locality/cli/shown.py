"""Long work, as a line of its own on the error stream."""

from collections.abc import Callable

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from locality.cli import edge


class Shown:
    """A line on the error stream that says what is going on and how far it is."""

    def __init__(self, words: str, *, quiet: bool):
        self.words = words
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,}"),
            TimeElapsedColumn(),
            console=edge.people,
            transient=True,
            disable=quiet or not edge.people.is_terminal,
        )

    def __enter__(self) -> Callable[[str, int, int], None]:
        self.bar.start()
        self.row = self.bar.add_task(self.words, total=None)
        return self._show

    def _show(self, words: str, done: int, of: int) -> None:
        self.bar.update(self.row, description=words, completed=done, total=of or None)

    def __exit__(self, *error: object) -> None:
        self.bar.stop()
