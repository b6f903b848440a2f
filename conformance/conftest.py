"""Exports are made once for all tests of a run; `--full-grid` tests every pair of variant, exporter, classes and opset.

What test_formats.py found is printed as a table at the end.
"""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full-grid", action="store_true", help="every combination of exports, some 20 minutes")


FORMAT_ROWS: list[tuple[str, str, str, int]] = []


@pytest.fixture
def table():
    """`table(format, direction, tool, cases)`: a row of the conformance table, once the tool has agreed."""
    return lambda *row: FORMAT_ROWS.append(row)


def pytest_terminal_summary(terminalreporter) -> None:
    if not FORMAT_ROWS:
        return
    terminalreporter.write_line("| format | direction | agreed with | cases |")
    terminalreporter.write_line("| --- | --- | --- | --- |")
    for row in sorted(FORMAT_ROWS):
        terminalreporter.write_line(f"| {' | '.join(map(str, row))} |")


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
