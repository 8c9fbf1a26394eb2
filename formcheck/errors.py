"""The errors a user can meet. Each message is one sentence: what is wrong, and what to do.

FormcheckError                 anything below; the command line prints it and exits with code 2
├── InputError                 the clip or recording cannot be used
│   ├── NoPersonError          it can be read, but nobody in it can be judged
│   └── CameraError            a camera cannot be found, opened or read
├── ModelError                 the pose model is missing or damaged
├── WorkerError                a worker process died
├── ClusterError               a cluster of machines cannot be used
├── OutputError                a result cannot be written
├── ExerciseError              no such exercise, or its file cannot be used
├── HeightError                what was given as a person's height is none
├── RoutineError               no such routine, or its file cannot be used
├── ExpectationError           what is expected of a clip cannot be used
├── LanguageError              the coach does not speak this language
├── WindowError                no window can be shown
└── HistoryError               the history cannot be read or written
"""


class FormcheckError(Exception):
    """Base of every error that formcheck raises on purpose."""


class InputError(FormcheckError):
    """The clip, folder or recording cannot be read as what it should be."""


class NoPersonError(InputError):
    """The clip can be read, but nobody in it can be seen well enough to be judged."""


class ModelError(FormcheckError):
    """The pose model is missing or damaged."""


class WorkerError(FormcheckError):
    """A process that did a part of the work died."""


class ClusterError(FormcheckError):
    """A cluster that was asked to do the work cannot be reached, or cannot do it."""


class OutputError(FormcheckError):
    """A result cannot be written where it was asked for."""


class ExerciseError(FormcheckError):
    """No exercise of this name is known, or the file that describes it cannot be used."""


class HeightError(FormcheckError):
    """What was given as a person's height is none, or nobody's."""


class CameraError(InputError):
    """A camera cannot be found, opened or read."""


class RoutineError(FormcheckError):
    """No routine of this name is known, or the file that describes it cannot be used."""


class ExpectationError(FormcheckError):
    """What is expected of a clip cannot be read, or cannot be meant."""


class LanguageError(FormcheckError):
    """The coach does not speak this language."""


class WindowError(FormcheckError):
    """No window can be shown here."""


class HistoryError(FormcheckError):
    """The history cannot be read or written."""
