"""A linker's names as a file without code: the firms and makes that were known at one moment.

They travel with the text models that were trained then, so that a report is read the same however
the registry grows. Goods and countries are the shipped ones and stay with the code.
"""

from pathlib import Path

import orjson

from features import moments
from features.errors import NotReady
from models.text.entities.firms import Firm, Firms
from models.text.entities.linker import Linker
from models.text.entities.makes import Make

FILE = "names.json"


def save(linker: Linker, directory: Path) -> None:
    """Write ``names.json`` in a folder that exists, in one order whatever order names came in."""
    content = {"firms": sorted(linker.firms.listed), "makes": sorted(linker.makes)}
    (directory / FILE).write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))


def load(directory: Path) -> Linker:
    """Return the linker of a folder, ready to read; ``NotReady`` where its file is wrong.

    What takes long with many names is built here, not when the first report comes.
    """
    path = directory / FILE
    try:
        content = orjson.loads(path.read_bytes())
        firms = tuple(
            Firm(one["enterprise_id"], one["name"], tuple(one["aliases"]))
            for one in content["firms"]
        )
        makes = tuple(
            Make(one["brand"], tuple(one["aliases"]), tuple(one["models"]))
            for one in content["makes"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotReady(
            f"the names in {path} cannot be read ({error!r}); fetch the text model again"
        ) from None
    linker = Linker(makes, Firms(firms))
    linker.read("", received_at=moments.EPOCH)
    return linker


def counts(linker: Linker) -> dict[str, int]:
    """Return how many firms and makes there are, for a manifest."""
    return {"firms": len(linker.firms.listed), "makes": len(linker.makes)}
