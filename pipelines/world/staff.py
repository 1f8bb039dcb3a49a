"""The simulated port's inspectors: a roster of invented staff numbers, three at each port."""

from pipelines.world.tables import places

HOURS = 7
HEADER = """# 模拟口岸的花名册，工号均为虚构。
# The roster of the simulated ports; its numbers are invented.
inspectors:
"""


def roster() -> str:
    """Return a roster file: one of three may only look at papers and take samples."""
    lines = [
        f'  - {{inspector_id: "P{port}-{number}", port: {name}, hours: {HOURS}{lanes}}}\n'
        for port, name in enumerate(places().ports, 1)
        for number, lanes in ((1, ""), (2, ""), (3, ", lanes: [documents, sampling]"))
    ]
    return HEADER + "".join(lines)
