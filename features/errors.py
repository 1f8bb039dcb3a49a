"""The ways a call can fail, by meaning. They know nothing of HTTP or of a terminal.

Each door has one table from these kinds to its own language (``serving.errors``,
``pipelines.cli``).
A message says what was wrong, with the value, and what to do about it.
"""


class YujingError(Exception):
    """Any failure that is the caller's or the world's, not the programmer's."""


class Invalid(YujingError):
    """The input is wrong: the message names the field, the value and the remedy."""


class NotFound(YujingError):
    """What was asked for does not exist."""


class Conflict(YujingError):
    """The request contradicts something already recorded."""


class NotReady(YujingError):
    """What is needed to answer (a model, a store) is not there yet."""
