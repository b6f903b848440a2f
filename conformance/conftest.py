"""Exports are made once for all tests of a run; `--full-grid` tests every pair of variant, exporter, classes and opset.

What test_formats*.py found is printed as a table at the end.
"""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full-grid", action="store_true", help="every combination of exports, some 20 minutes")


FORMAT_ROWS: list[tuple[str, str, str, int]] = []


@pytest.fixture
def table():
    """`table(format, ways, tool, cases)`, once the tool has agreed: a row of the conformance table.

    `ways`: "read" for what the tool wrote and the studio read, "write" for the other way, or "read and write"; then, after
    a comma, what else is to be known.
    """
    return lambda *row: FORMAT_ROWS.append(row)


def format_table(rows: list[tuple[str, str, str, int]]) -> list[str]:
    """One line for each format, tool and remark, with the number of cases that were read and written."""
    sums: dict[tuple[str, str, str], dict[str, int]] = {}
    for name, ways, tool, cases in rows:
        ways, _, remark = ways.partition(", ")
        counts = sums.setdefault((name, tool, remark), {"read": 0, "write": 0})
        for way in ways.split(" and "):
            counts[way] += cases
    head = ["format", "tool that agreed", "cases read", "cases written", "remark"]
    body = [[name, tool, str(c["read"] or "-"), str(c["write"] or "-"), remark] for (name, tool, remark), c in sorted(sums.items())]
    return [f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *body]]


def pytest_terminal_summary(terminalreporter) -> None:
    if not FORMAT_ROWS:
        return
    for line in format_table(FORMAT_ROWS):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory):
    """(folder with one export per format, {image stem: ids})."""
    from formatMasks import write_all

    return write_all(tmp_path_factory.mktemp("formats"))


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory):
    """`exported(spec)`: the path of an export and the model's number of parameters."""
    from segformerExports import export

    folder: Path = tmp_path_factory.mktemp("exports")
    made: dict = {}

    def get(spec):
        if spec not in made:
            made[spec] = export(spec, folder)
        return made[spec]

    return get
