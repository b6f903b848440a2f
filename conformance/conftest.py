"""Exports are made once for all tests of a run; `--full-grid` tests every pair of variant, exporter, classes and opset."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full-grid", action="store_true", help="every combination of exports, some 20 minutes")


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
