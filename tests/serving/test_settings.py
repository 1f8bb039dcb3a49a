"""Settings: the example tells all of them, and a bad secret stops the service with one sentence."""

import re
from pathlib import Path

import pytest

from features.errors import Invalid
from pipelines import options
from serving import settings
from serving.app import from_environment
from serving.settings import PREFIX, Settings
from tests.serving.world import SECRET

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def test_the_example_tells_every_setting_with_its_description() -> None:
    told = re.findall(r"^# (.+)\n(\w+)=", EXAMPLE.read_text(), re.MULTILINE)
    expected = {PREFIX + n.upper(): f.description or "" for n, f in Settings.model_fields.items()}
    assert {name for _, name in told} == set(expected)
    for description, name in told:
        assert description.startswith(expected[name])


def test_the_example_gives_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUJING_DRAW_SECRET", SECRET)
    lines = [line for line in EXAMPLE.read_text().splitlines() if "SECRET=" not in line]
    Path(".env").write_text("\n".join(lines))
    assert settings.load() == settings.load(env_file=None)


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        (None, "YUJING_DRAW_SECRET is not set"),
        ("short", "YUJING_DRAW_SECRET has 5 characters, 32 are needed"),
        ("ab" * 20, "YUJING_DRAW_SECRET repeats a few characters"),
    ],
)
def test_a_service_never_starts_on_a_secret_that_can_be_guessed(
    secret: str | None, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if secret is not None:
        monkeypatch.setenv("YUJING_DRAW_SECRET", secret)
    with pytest.raises(SystemExit, match=f"error: {problem}") as caught:
        from_environment()
    assert "openssl rand -hex 32" in str(caught.value)
    assert secret is None or secret not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [("MATRIX", "nope", "nope"), ("POLICY", "nowhere.yaml", "nowhere.yaml")],
)
def test_a_wrong_file_ends_the_service_before_it_starts(
    name: str, value: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUJING_DRAW_SECRET", SECRET)
    monkeypatch.setenv(f"YUJING_{name}", value)
    with pytest.raises(SystemExit, match=f"^error: .*{problem}"):
        from_environment()


def test_a_wrong_number_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUJING_DRAW_SECRET", SECRET)
    monkeypatch.setenv("YUJING_BATCH_LIMIT", "0")
    with pytest.raises(Invalid, match="YUJING_BATCH_LIMIT input should be greater than 0"):
        settings.load()


def test_tokens_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUJING_DRAW_SECRET", SECRET)
    monkeypatch.setenv("YUJING_API_TOKENS", "first, second,")
    told = settings.load().api_tokens
    assert [token.get_secret_value() for token in told] == ["first", "second"]


def test_the_service_reads_models_where_the_commands_keep_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("YUJING_DRAW_SECRET", SECRET)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert settings.load().tracking_uri == options.TRACKING
    assert settings.load().store_url == options.STORE
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
    assert settings.load().tracking_uri == "http://127.0.0.1:5000"
    monkeypatch.setenv("YUJING_TRACKING_URI", "sqlite:///own.db")
    assert settings.load().tracking_uri == "sqlite:///own.db"
