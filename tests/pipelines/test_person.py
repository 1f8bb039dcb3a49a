"""Who stands at the command line: as they say, or as they logged in."""

import getpass

import pytest

from features.errors import Invalid
from pipelines import person


def test_a_name_is_taken_as_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "login")
    assert person.named(" 张三 ", "--by") == "张三"
    assert person.named(None, "--by") == "login"
    for name in ("", " ", "\u3000"):
        with pytest.raises(Invalid, match="names nobody; give the name"):
            person.named(name, "--by")


def test_a_login_without_a_name_asks_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(getpass, "getuser", nobody)
    with pytest.raises(Invalid, match="say who you are with --approved-by NAME"):
        person.named(None, "--approved-by")
