"""SegFormers of transformers' own exporters, recognised and rewritten: the same logits in onnxruntime.

Run from the project's root, with node_modules in place:
    python -m pip install -r conformance/requirements.txt
    python -m pytest conformance/test_segformer_optimise.py [--full-grid]
"""

import itertools
import json
import shutil
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed: conformance/requirements.txt")
pytest.importorskip("onnxscript", reason="onnxscript is not installed: conformance/requirements.txt")
ort = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed: conformance/requirements.txt")

import numpy as np  # noqa: E402

from segformerExports import EXPORTERS, PAIRS, VARIANTS, Export  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
LARGEST_DIFFERENCE = 1e-4
# Not the size of the export; the second with sides that are not multiples of 32.
SIZES = [(128, 160), (104, 136)]
OPSETS = {"legacy": (14, 17), "dynamo": (18, 20)}
GRID = [
    Export(variant, exporter, opset, labels)
    for variant, exporter, labels in itertools.product(("b0", "b2"), EXPORTERS, (150, 19, 11))
    for opset in OPSETS[exporter]
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "spec" in metafunc.fixturenames:
        specs = GRID if metafunc.config.getoption("--full-grid") else PAIRS
        metafunc.parametrize("spec", specs, ids=lambda spec: spec.name)


def optimise(path: Path, size: tuple[int, int], out: Path) -> dict:
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("node is not installed")
    command = [npx, "tsx", "conformance/optimiseOnnx.ts", str(path), f"{size[0]}x{size[1]}", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def session(path: Path) -> ort.InferenceSession:
    return ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def test_same_logits(spec: Export, exported, tmp_path: Path) -> None:
    path, _ = exported(spec)
    out = tmp_path / "form"
    said = optimise(path, SIZES[0], out)
    widths, depths, _ = VARIANTS[spec.variant]
    assert (said["widths"], said["depths"]) == (widths, depths)
    assert (said["heads"], said["reductions"]) == ([1, 2, 5, 8], [8, 4, 2, 1])
    assert said["classes"] == spec.labels
    original = session(path)
    forms = [session(Path(f"{out}.{backend}.onnx")) for backend in ("wasm", "webgpu")]
    rng = np.random.default_rng(7)
    for height, width in SIZES:
        pixels = {"pixel_values": rng.standard_normal((1, 3, height, width), dtype=np.float32)}
        (expected,) = original.run(["logits"], pixels)
        # Logits that do not move would be equal whatever the graph does.
        assert expected.std() > 0.1
        for form in forms:
            (logits,) = form.run(["logits"], pixels)
            assert np.abs(logits - expected).max() <= LARGEST_DIFFERENCE
    for counted in said["forms"]:
        assert counted["uncounted"] == []
        # The head's projections are folded into its fusing convolution: for B0 that is half of all.
        assert counted["macs"] < 0.75 * said["original"]
