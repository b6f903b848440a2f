"""The command line and models/training measure the same model on the same folder alike."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCENES = ["scene_00001", "scene_00006", "scene_00011"]

pytest.importorskip("torch", reason="models/training needs PyTorch")
pytest.importorskip("onnxruntime", reason="models/training runs exported models by onnxruntime")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three sample scenes: larger than the models' input, so that resizing counts too."""
    out = tmp_path_factory.mktemp("scenes")
    for kind, ending in (("images", "jpg"), ("masks", "png")):
        (out / kind).mkdir()
        for scene in SCENES:
            shutil.copy(ROOT / "samples" / kind / f"{scene}.{ending}", out / kind)
    shutil.copy(ROOT / "samples" / "classes.json", out)
    return out


def run_json(command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("model", [entry["id"] for entry in json.loads((ROOT / "models/catalog.json").read_text())["models"]])
def test_same_mean_iou(folder, model):
    where = ["--images", str(folder / "images"), "--masks", str(folder / "masks"), "--json"]
    ours = run_json(["node", "cli/dynaseg.mjs", "evaluate", "--model", model, *where], ROOT)
    theirs = run_json([sys.executable, "-m", "training.evaluate", "--model", model, *where], ROOT / "models")
    assert ours["images"] == len(SCENES)
    assert abs(ours["miou"] - theirs["miou"]) < 0.001
    assert abs(ours["pixelAccuracy"] - theirs["pixel_accuracy"]) < 0.001
