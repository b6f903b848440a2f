"""Multiply-adds and parameters of exported SegFormers: the studio's count held to PyTorch's own counter.

Run from the project's root, with node_modules in place:
    python -m pip install -r conformance/requirements.txt
    python -m pytest conformance/test_onnx_count.py
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: conformance/requirements.txt")
pytest.importorskip("onnxscript", reason="onnxscript is not installed: conformance/requirements.txt")

from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

from segformerExports import PAIRS, VARIANTS, Export, export, make_model  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
# Other sizes than the files were exported at, the second with sides that are not multiples of 32.
SIZES = [(64, 96), (160, 128), (72, 104)]
# Xie et al. 2021, tables 1 and 6, in G: they count one per multiply-add.
PUBLISHED_B0_ADE = 8.4
COUNTED_B0_ADE = 8.39
COUNTED_B0_CITYSCAPES = 121.0


def count(path: Path, sizes: list[tuple[int, int]]) -> list[dict]:
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("node is not installed")
    arguments = [f"{height}x{width}" for height, width in sizes]
    command = [npx, "tsx", "conformance/countOnnx.ts", str(path), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def reference_macs(variant: str, labels: int, height: int, width: int) -> int:
    """PyTorch's count of every product that the model really computes; it counts two per multiply-add."""
    model = make_model(variant, labels)
    model.set_attn_implementation("eager")
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(pixel_values=torch.zeros(1, 3, height, width))
    flops = counter.get_total_flops()
    assert flops % 2 == 0
    return flops // 2


@pytest.mark.parametrize("spec", PAIRS, ids=lambda spec: spec.name)
def test_counts_what_pytorch_computes(spec: Export, exported) -> None:
    path, parameters = exported(spec)
    counts = count(path, SIZES)
    for (height, width), counted in zip(SIZES, counts, strict=True):
        assert counted["uncounted"] == []
        assert counted["macs"] == reference_macs(spec.variant, spec.labels, height, width)
        assert counted["rewritten"] == counted["macs"]
        # Exporters fold BatchNorm: its scale and shift, two per channel of the head, become one bias.
        assert parameters - VARIANTS[spec.variant][2] <= counted["params"] <= parameters


def test_gives_the_published_figures_of_b0(tmp_path: Path) -> None:
    ade, _ = export(Export("b0", "legacy", 17, labels=150), tmp_path)
    gmacs = count(ade, [(512, 512)])[0]["macs"] / 1e9
    assert round(gmacs, 2) == COUNTED_B0_ADE
    assert round(gmacs, 1) == PUBLISHED_B0_ADE
    cityscapes, _ = export(Export("b0", "legacy", 17, labels=19), tmp_path)
    assert round(count(cityscapes, [(1024, 2048)])[0]["macs"] / 1e9, 1) == COUNTED_B0_CITYSCAPES


def test_counts_a_file_of_one_size(tmp_path: Path) -> None:
    path, _ = export(Export("b0", "legacy", 17, height=96, width=64, dynamic=False), tmp_path)
    assert count(path, [(96, 64)])[0]["macs"] == reference_macs("b0", 150, 96, 64)
