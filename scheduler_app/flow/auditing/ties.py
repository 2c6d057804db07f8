"""Things tied together, however many steps apart (union-find)."""

from collections.abc import Hashable, Iterable


class Ties:
    """Which things belong together. A thing nobody tied stands alone."""

    def __init__(self) -> None:
        self._up: dict[Hashable, Hashable] = {}

    def root(self, thing: Hashable) -> Hashable:
        """The same for all that are tied together, and for nothing else."""
        path = []
        while (above := self._up.get(thing, thing)) != thing:
            path.append(thing)
            thing = above
        for passed in path:
            self._up[passed] = thing
        return thing

    def tie(self, things: Iterable[Hashable]) -> None:
        """Tie all of these together."""
        roots = [self.root(thing) for thing in things]
        for other in roots[1:]:
            if other != self.root(roots[0]):
                self._up[other] = self.root(roots[0])
