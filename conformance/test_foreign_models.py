"""Models of other people's tools open unmodified in the studio and say what the tool that made them says.

Run from the project's root, with node_modules in place:
    python -m pip install -r conformance/requirements.txt
    python -m pytest conformance/test_foreign_models.py
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed: conformance/requirements.txt")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed: conformance/requirements.txt")

import numpy as np  # noqa: E402

from foreignModels import OTHERS, SEGFORMERS  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
# Largest difference of logits with those of PyTorch in float32, and the share of places of the same class: 16 and 8
# bits round.
EXACT = (1e-3, 0.999)
HALF = (0.05, 0.97)
TOLERANCES = {"fp16-arithmetic": HALF, "fp16-ends": HALF, "fp16-weights": HALF}
# Of random weights: eight bits change logits by a fourth of their spread, and the class where two are close.
EIGHT_BITS = 0.5
OPTIMISED = {"fp32-b0-150", "fp32-b2-11", "external-data"}


def run(path: Path, pixels: np.ndarray, out: Path) -> tuple[dict, dict[str, np.ndarray]]:
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("node is not installed")
    pixel_file = out.with_suffix(".pixels")
    pixel_file.write_bytes(np.ascontiguousarray(pixels, np.float32).tobytes())
    size = f"{pixels.shape[2]}x{pixels.shape[3]}"
    command = [npx, "tsx", "conformance/runModel.ts", str(path), str(pixel_file), size, str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    logits = {
        form: np.frombuffer(Path(f"{out}.{form}").read_bytes(), np.float32).reshape(facts["dims"])
        for form, facts in said["forms"].items()
    }
    return said, logits


@pytest.mark.parametrize("name", SEGFORMERS)
def test_segformer(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    folder.mkdir()
    SEGFORMERS[name](folder)
    reference = np.load(folder / "reference.npz")
    said, logits = run(folder, reference["pixels"], tmp_path / "logits")
    expected = reference["logits"]
    config = json.loads((folder / "config.json").read_text())
    assert said["classes"] == [config["id2label"][str(i)] for i in range(expected.shape[1])]
    prepared = json.loads((folder / "preprocessor_config.json").read_text())
    assert said["preprocessor"]["do_reduce_labels"] == prepared["do_reduce_labels"] == (expected.shape[1] == 150)
    assert said["problems"] == []
    assert said["forms"]["wasm"]["optimised"] or name not in OPTIMISED, said["forms"]
    for found in logits.values():
        assert found.shape == expected.shape
        same = (found.argmax(1) == expected.argmax(1)).mean()
        if name.startswith("int8"):
            assert same > EIGHT_BITS
            assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.9
        else:
            difference, share = TOLERANCES.get(name, EXACT)
            assert np.abs(found - expected).max() <= difference
            assert same >= share


@pytest.mark.parametrize("name", OTHERS)
def test_other(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    folder.mkdir()
    OTHERS[name](folder)
    reference = np.load(folder / "reference.npz")
    given = reference["input"].astype(np.float32)
    pixels = given.transpose(0, 3, 1, 2) if given.shape[-1] == 3 else given
    said, logits = run(folder / "model.onnx", pixels, tmp_path / "logits")
    assert [problem for problem in said["problems"] if problem["severity"] == "error"] == []
    assert len(said["classes"]) == logits["plain"].shape[1]
    for found in logits.values():
        assert (found.argmax(1) == reference["map"]).mean() >= 0.999


def test_a_chosen_file_runs(tmp_path: Path) -> None:
    SEGFORMERS["fp32-b0-150"](tmp_path)
    (tmp_path / "onnx/model.onnx").rename(tmp_path / "onnx/model_fp16.onnx")
    reference = np.load(tmp_path / "reference.npz")
    said, _ = run(tmp_path / "onnx/model_fp16.onnx", reference["pixels"], tmp_path / "logits")
    assert said["file"].endswith("onnx/model_fp16.onnx")
    assert [each["precision"] for each in said["files"]] == ["fp16"]
