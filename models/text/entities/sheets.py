"""Sheets: the YAML files of names, read with one clear error for what is wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from features.errors import Invalid


def mapping(path: Path) -> dict[str, Any]:
    """Return a YAML file that holds names and values."""
    if not path.is_file():
        raise Invalid(f"{path} does not exist; give the path of a YAML file")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} is not YAML in UTF-8: {error}") from None
    if not isinstance(content, dict):
        raise Invalid(f"{path} holds no keys; see the file of that name in models/text/lexicon")
    return content


def part(content: Mapping[str, Any], key: str, *, path: Path) -> dict[str, Any]:
    """Return one part of such a file."""
    found = content.get(key)
    if not isinstance(found, dict):
        raise Invalid(f"{path} has no {key!r}; see the file of that name in models/text/lexicon")
    return found


def words(told: object) -> tuple[str, ...]:
    """Return the words of a list; none where it is no list, or holds anything else."""
    if not isinstance(told, list) or not all(isinstance(word, str) for word in told):
        return ()
    return tuple(told)
