"""Poses in, events out: the reader and the engine as one, for live, recorded and batch use alike."""

from __future__ import annotations

from formcheck.engine.engine import EngineState, Event, finish, status, step
from formcheck.engine.status import Status
from formcheck.exercises.declaration import Exercise
from formcheck.measure.reader import PoseReader
from formcheck.measure.reading import Reading
from formcheck.pose.landmarks import Pose


class Judge:
    """Follows one person through one exercise.

    Attributes:
        exercise: What is being done.
        reading: The last pose's measures.
        seen: Whether the person has been seen well enough to be judged, or was told to turn, at least once.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.reading = Reading(0.0)
        self.seen = False
        self._reader = PoseReader(exercise.facing, exercise.needs, exercise.trends, silhouette=exercise.silhouette)
        self._state = EngineState()

    def step(self, pose: Pose) -> tuple[Event, ...]:
        """What became final with this pose."""
        self.reading = self._reader.read(pose)
        self.seen = self.seen or len(self.reading.values) > 1 or "turn_side_on" in self.reading.view
        self._state, events = step(self._state, self.exercise, self.reading)
        return events

    def finish(self) -> tuple[Event, ...]:
        """What is still open at the end."""
        return finish(self._state, self.exercise)

    @property
    def active(self) -> bool:
        """Whether the exercise is being done at this moment: on the way, at the top, or held."""
        return self._state.hold.open or self._state.movement.course is not None

    @property
    def status(self) -> Status:
        """The state after the last pose, to be shown."""
        return status(self._state, self.exercise, self.reading)
