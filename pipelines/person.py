"""The person at the command line: as they say, or else by the name of their login."""

import getpass

from features.errors import Invalid
from models import approval


def named(name: str | None, option: str) -> str:
    """Return who an option names, the login name where it is not given; ``Invalid`` for nobody."""
    return approval.person(_login(option) if name is None else name, option)


def _login(option: str) -> str:
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        raise Invalid(f"this login has no name; say who you are with {option} NAME") from None
