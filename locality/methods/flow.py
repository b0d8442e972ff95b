"""How much can be shifted through a network at most: the method of augmenting shortest paths.

Edmonds J, Karp RM, J ACM 1972; 19: 248-264.
"""

from collections import deque
from collections.abc import Hashable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def most_through(room: Mapping[Node, Mapping[Node, int]], *, source: Node, sink: Node, enough: int) -> int:
    """The most that goes from source to sink over arcs with room for so much each; no more than `enough` is looked for.

    room: of each node, those it leads to, in whole units.
    """
    left: dict[Node, dict[Node, int]] = {node: dict(arcs) for node, arcs in room.items()}
    through = 0
    while through < enough:
        path = _shortest(left, source, sink)
        if not path:
            break
        step = min(enough - through, *(left[one][after] for one, after in path))
        for one, after in path:
            left[one][after] -= step
            back = left.setdefault(after, {})
            back[one] = back.get(one, 0) + step
        through += step
    return through


def _shortest(left: Mapping[Node, Mapping[Node, int]], source: Node, sink: Node) -> list[tuple[Node, Node]]:
    """The arcs of a shortest way with room, or none."""
    came: dict[Node, Node] = {}
    waiting = deque([source])
    while waiting and sink not in came:
        one = waiting.popleft()
        for after, room in left.get(one, {}).items():
            if room > 0 and after not in came and after != source:
                came[after] = one
                waiting.append(after)
    path, at = [], sink
    while at in came:
        path.append((came[at], at))
        at = came[at]
    return path[::-1]
