"""The pose finder of a session: made and started before the picture is taken that it is to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from formcheck.pose.finder import PoseFinder
    from formcheck.pose.landmarks import Pose
    from formcheck.video.frame import Frame


class Finders:
    """Has one finder at a time. Making one takes up to two seconds, in which every picture becomes old.

    Args:
        model: As for `PoseFinder`.

    Attributes:
        model: The one to look with; set it, and the next `prepare` changes to it.
    """

    def __init__(self, model: str) -> None:
        self.model = model
        self._finder: PoseFinder | None = None
        self._made: tuple[str, bool] | None = None

    def prepare(self, *, masks: bool) -> None:
        """Have a finder of this kind that finds its first picture as quickly as any other; nothing where there is one.

        Args:
            masks: Whether silhouettes are needed.

        Raises:
            ModelError: The model is missing or damaged.
        """
        if self._made == (self.model, masks):
            return
        from formcheck.pose.finder import PoseFinder  # noqa: PLC0415 - slow

        self.close()
        self._finder = PoseFinder(self.model, masks=masks)
        self._finder.warm_up()
        self._made = self.model, masks

    def find(self, frame: Frame) -> Pose:
        """The person in the next picture; only after `prepare`."""
        assert self._finder is not None
        return self._finder.find(frame)

    def close(self) -> None:
        """Free it; `prepare` makes another one."""
        finder, self._finder, self._made = self._finder, None, None
        if finder is not None:
            finder.close()
