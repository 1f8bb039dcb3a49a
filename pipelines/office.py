"""Office: who decides changes hands, and everything that was said of it is kept."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from models import card
from models.approval import Approval
from models.registry import CHALLENGER, CHAMPION, Registry
from models.succession import How, Turn

CARD, MANIFEST = "card.md", "manifest.json"


def enter(registry: Registry, model: str, *, version: str, approval: Approval, how: How) -> None:
    """Make a version the champion, and keep who let it decide, when and why.

    What is kept with the version is its last approval and its last return by a rollback; the
    history of the model keeps each.
    """
    left = registry.version(model, CHAMPION)
    _found(registry, model, current=left, approval=approval)
    registry.tag(
        model, version, tags=approval.tags("restored" if how == "rolled back" else "approved")
    )
    registry.promote(model, version, alias=CHAMPION, why=approval.why)
    turn = Turn(version, approval.at.isoformat(), approval.by, approval.why, how, approval.passed)
    registry.remember(model, turn.to_json())
    if left not in (None, version):
        told = f"version {version} decides instead: {approval.why}"
        registry.tag(model, str(left), tags={"left_because": told})
    if registry.version(model, CHALLENGER) == version:
        registry.withdraw(model, CHALLENGER)
    _sign(registry, model, version=version)


def _found(registry: Registry, model: str, *, current: str | None, approval: Approval) -> None:
    """Keep a champion that was there before anybody kept the succession."""
    if current is not None and not registry.history(model):
        why = "it was champion before the succession was kept"
        turn = Turn(current, approval.at.isoformat(), "", why, "found")
        registry.remember(model, turn.to_json())


def _sign(registry: Registry, model: str, *, version: str) -> None:
    """Write the approval into the card of a version that has one."""
    folder = registry.folder(model, version)
    if not (folder / CARD).is_file():
        return
    manifest = json.loads((folder / MANIFEST).read_text())
    kept = registry.metrics(model, version)
    signed = card.card(manifest, kept, approval=registry.tags(model, version))
    with TemporaryDirectory() as made:
        path = Path(made) / CARD
        path.write_text(signed)
        registry.amend(model, version, file=path)
