"""The agency: all that it lays down for decisions, read from its files and checked together."""

from dataclasses import dataclass
from pathlib import Path

from models.inspection import policy as policies
from models.inspection.policy import Policy
from models.inspection.rules import rules as fixed
from models.inspection.rules.rules import Rules
from models.risk import matrix as matrices
from models.risk.matrix import Matrix


@dataclass(frozen=True)
class Agency:
    """An agency's policy, risk matrix and fixed rules, and the secret of its draws."""

    policy: Policy
    matrix: Matrix
    rules: Rules
    secret: bytes


def load(secret: bytes, *, policy: Path | None, matrix: str, rules: Path | None) -> Agency:
    """Read what an agency lays down; where no file is named, the package's example.

    matrix: a name, or the path of a file. ``Invalid`` names the file and what is wrong with it,
    also where a rule asks for a test that the policy has not.
    """
    told = Agency(
        policies.load(policy or policies.FILE),
        matrices.load(matrix),
        fixed.load(rules or fixed.FILE),
        secret,
    )
    fixed.check_items(told.rules, told.policy)
    return told
