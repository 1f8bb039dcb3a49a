"""Bars: how far a long piece of work is, on the error stream of a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress


@contextmanager
def bar(words: str) -> Iterator[Callable[[float], None]]:
    """Show a bar while the work lasts; yield what is to be told the share done, 0 to 1."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as shown:
        task = shown.add_task(words, total=1.0)
        yield lambda share: shown.update(task, completed=share)
