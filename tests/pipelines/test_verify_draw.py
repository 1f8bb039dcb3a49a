"""A published day is verified from the file alone, by this command and by the documented lines."""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from features.errors import Invalid
from features.store import Store
from models.inspection.draws import draw, roster
from models.inspection.draws.published import ALGORITHM, Noted
from pipelines.assign import assign
from pipelines.cli_draw import app
from pipelines.publish_draw import publish_draw, write
from pipelines.verify_draw import noted, read, verify_draw
from tests.pipelines.test_assign import AGENCY, DAY, DUTY, EVENING, SECRET, START, filled
from tests.pipelines.test_publish_draw import OVER, plan

ROOT = Path(__file__).parents[2]
STAFF = roster.load()
DOCUMENT = (ROOT / "docs" / "draw.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day as the commands publish it."""
    folder: Path = tmp_path_factory.mktemp("published")
    store = Store.open(f"sqlite:///{folder / 'facts.db'}")
    filled(store, range(200))
    store.append([plan("深圳蛇口")])
    assign(store, duty=DUTY, as_of=EVENING)
    told = publish_draw(store, day=DAY, secret=AGENCY, rosters=[STAFF], now=OVER)
    write(told, folder / "day.json")
    store.close()
    return folder / "day.json"


def changed(day: Path, folder: Path, change: Callable[[Any], object]) -> Path:
    told = json.loads(day.read_text(encoding="utf-8"))
    change(told)
    path = folder / "changed.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def spare(told: Any) -> None:
    """Spare a line that was to be inspected."""
    line = next(one for one in told["decisions"] if one["lane"] != "release")
    line["lane"] = "release"


def verified(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["verify-draw", *map(str, words)])


def test_what_is_published_verifies(day: Path) -> None:
    found = verify_draw(day, Noted(draw.commitment(SECRET), STAFF.sha256), tell=lambda _: None)
    assert [one.en for one in found if one.failed] == []
    assert [one.en for one in found if not one.count] == []


def test_the_command_says_that_all_is_right(day: Path) -> None:
    told = verified(day, "--commitment", draw.commitment(SECRET).upper())
    assert told.exit_code == 0, told.output
    assert "不符 wrong" not in told.output
    assert told.output.count("相符 right") == 11
    assert "200" in told.output


def test_the_command_names_what_is_wrong_and_fails(day: Path, tmp_path: Path) -> None:
    path = changed(day, tmp_path, spare)
    told = verified(path, "--json")
    assert told.exit_code == 1
    assert "应查验 should be inspected" in told.output
    (line,) = (line for line in told.output.splitlines() if line.startswith("{"))
    checks = {one["en"]: one for one in json.loads(line)["checks"]}
    assert checks["lane agrees with the number"]["failed"] == 1
    assert checks["numbers of lines"]["failed"] == 0


def test_another_commitment_than_the_one_noted_fails(day: Path) -> None:
    assert verified(day, "--commitment", "0" * 64).exit_code == 1
    assert verified(day, "--roster-sha256", "0" * 64).exit_code == 1
    assert verified(day, "--roster-sha256", STAFF.sha256).exit_code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "this is no JSON"),
        ("hello", "this is no JSON"),
        ("[]", "the file .*object"),
        ("{}", "format is missing; ask for the whole file"),
        ('{"format": "yujing-draw/2"}', "format 'yujing-draw/2': "),
    ],
)
def test_a_file_that_is_none_gets_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "day.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Invalid, match=f"^{re.escape(str(path))}: {says}") as error:
        read(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda told: told.pop("decisions"), "decisions is missing"),
        (lambda told: told["decisions"][3].pop("draw"), r"decisions.3.draw is missing"),
        (lambda told: told["decisions"][3].update(draw="half"), r"decisions.3.draw 'half': "),
        (lambda told: told["decisions"][3].update(draw=1), r"decisions.3.draw '1': "),
        (lambda told: told.update(secret="0x"), "secret '0x': "),
        (lambda told: told.update(day="someday"), "day 'someday': "),
        (lambda told: told.update(assignments={}), "assignments '{}': "),
        (lambda told: told.update(note="x" * 500), "note 'x{80}': "),
        (
            lambda told: told.update(rosters=[{"kind": "yaml", "text": "inspectors: []"}]),
            None,
        ),
    ],
)
def test_missing_keys_and_wrong_types_are_named(
    day: Path, tmp_path: Path, change: Callable[[Any], object], says: str | None
) -> None:
    path = changed(day, tmp_path, change)
    with pytest.raises(Invalid, match=says or "roster in the file: the roster names nobody"):
        verify_draw(path, Noted(), tell=lambda _: None)


def test_a_file_that_holds_only_a_commitment_says_so(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'facts.db'}")
    write(publish_draw(store, day=DAY, secret=AGENCY, now=EVENING), tmp_path / "day.json")
    store.close()
    with pytest.raises(Invalid, match="it holds only the commitment; the secret is published when"):
        read(tmp_path / "day.json")


def test_no_file_and_no_hash_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="there is no file"):
        read(tmp_path)
    with pytest.raises(Invalid, match="--commitment 'abc' is no SHA-256; give its 64"):
        noted("abc", None)
    assert noted(" " + "A" * 64, None) == ("a" * 64, None)


def documented(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    return str(found)


def independently(path: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run the documented lines where nothing of ours can be imported."""
    (folder / "verify.py").write_text(documented("python"), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", "verify.py", str(path)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_documented_lines_verify_a_day(day: Path, tmp_path: Path) -> None:
    done = independently(day, tmp_path)
    assert (done.returncode, done.stdout) == (0, "200 lines, 0 wrong\n"), done.stderr
    done = independently(changed(day, tmp_path, spare), tmp_path)
    assert done.returncode == 1
    assert "200 lines, 1 wrong D0" in done.stdout
    done = independently(changed(day, tmp_path, lambda t: t.update(commitment="0")), tmp_path)
    assert (done.returncode, done.stdout) == (1, "200 lines, 1 wrong commitment\n")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")
def test_the_documented_commands_verify_a_line(day: Path) -> None:
    told = json.loads(day.read_text(encoding="utf-8"))
    line = told["decisions"][0]
    done = subprocess.run(
        ["bash", "-c", documented("sh")],
        env={
            "SECRET": told["secret"],
            "DECLARATION_ID": line["declaration_id"],
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    commitment, digest = (found.split()[-1] for found in done.stdout.splitlines())
    assert commitment == told["commitment"]
    assert (int(digest[:16], 16) >> 11) / 2**53 == line["draw"]


def large(path: Path, count: int) -> None:
    """Write a day of many lines, none of them drawn."""
    at = (START + timedelta(hours=3)).isoformat()
    lines = (
        f'{{"declaration_id":"53012024030100{i:07d}-1","decision_id":"53012024030100{i:07d}-1@1",'
        f'"decided_at":"{at}","inclusion_probability":0,'
        f'"draw":{draw.draw(SECRET, f"53012024030100{i:07d}-1")!r},"lane":"release"}}'
        for i in range(count)
    )
    told = {
        "format": "yujing-draw/1",
        "day": str(DAY),
        "commitment": draw.commitment(SECRET),
        "committed_at": START.isoformat(),
        "published_at": OVER.isoformat(),
        "algorithm": ALGORITHM,
        "secret": SECRET.hex(),
        "rosters": [],
        "assignments": [],
    }
    path.write_text(f'{json.dumps(told)[:-1]},"decisions":[{",".join(lines)}]}}')


def test_many_lines_take_a_moment(tmp_path: Path) -> None:
    large(tmp_path / "day.json", 50_000)
    before = time.process_time()
    told: list[float] = []
    found = verify_draw(tmp_path / "day.json", Noted(), tell=told.append)
    assert time.process_time() - before < 5, "a million in some seconds; here with room to spare"
    assert [one.failed for one in found] == [0] * 11
    assert len(told) == 100
