"""``python -m pipelines`` and ``yujing``: run a command, and say what was wrong in one line."""

import logging
import sys
import warnings

from rich.console import Console
from rich.markup import escape

from features.errors import YujingError
from pipelines.cli import app


def main() -> None:
    """Run the command line; a failure the user can mend is one line and exit status 1."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    warnings.filterwarnings("ignore", module="mlflow")
    try:
        app()
    except (YujingError, OSError) as error:
        said = f"[red]error:[/red] {escape(' '.join(str(error).split()))}"
        Console(stderr=True, soft_wrap=True).print(said, highlight=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
