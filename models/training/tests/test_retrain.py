"""The retrain pack of the studio: what data.py reads of it, and the command that its README names, on a real one."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from training.common import normalise
from training.data import Augment, Mixture, Source, load_source, pairs_of, window
from training.gating import build_model
from training.onnx_weights import load_exported
from training.train import load_init, load_model

ROOT = Path(__file__).resolve().parents[3]
SIZE = (96, 64)  # width, height
SHIPPED = "segformer-b0-street"


def weigh(root: Path) -> None:
    (root / "weights").mkdir()
    for mask in (root / "masks").iterdir():
        values = np.full((48, 64), 64, np.uint8)
        values[:, :32] = 128
        values[24:] = 0
        Image.fromarray(values).save(root / "weights" / mask.name)


def test_weights_follow_their_pixels(toy_root):
    weigh(toy_root)
    source = Source("images", "masks", weights="weights")
    frames = load_source(source, toy_root, 3, 3)
    assert frames[0].weight.shape == (48, 64) and frames[0].weight[0].unique().tolist() == [1.0, 2.0]
    half = load_source(replace(source, weight_one=128, max_height=24), toy_root, 3, 3)[0]
    assert half.weight.shape == (24, 32) and half.weight.unique().tolist() == [0.0, 0.5, 1.0]
    marked = replace(frames[0], mask=(frames[0].weight * 64).to(torch.uint8))  # labels that say the weight: 0, 64, 128
    _, labels, weights = window(marked, Augment((32, 32), (0.5, 2.0)), np.random.default_rng(0))
    inside = labels != 255
    assert inside.any() and torch.equal(weights[inside], labels[inside] / 64) and not weights[~inside].any()
    plain = load_source(Source("images", "masks"), toy_root, 3, 3)
    _, _, mixed = Mixture([(source, frames), (Source("images", "masks"), plain)], Augment((32, 32)), 8, 1, 1)[0]
    assert mixed.shape == (8, 16, 16) and sorted(set(mixed.flatten().tolist())) == [0.0, 1.0, 2.0]


def test_a_split_names_the_images(toy_root):
    (toy_root / "train.txt").write_text("B_3\nA_1\n")
    source = Source("images", "masks", split="train.txt")
    assert [image.stem for image, _ in pairs_of(source, toy_root)] == ["B_3", "A_1"]
    assert [image.stem for image, _ in pairs_of(replace(source, drives=["A"]), toy_root)] == ["A_1"]
    (toy_root / "train.txt").write_text("A_9\n")
    with pytest.raises(FileNotFoundError, match="split train.txt: A_9 is no image with a mask in images"):
        pairs_of(source, toy_root)
    (toy_root / "train.txt").write_text("")
    with pytest.raises(ValueError, match="split train.txt names no image to use"):
        pairs_of(source, toy_root)


def test_bad_weight_maps(toy_root):
    weigh(toy_root)
    source = Source("images", "masks", weights="weights")
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(toy_root / "weights" / "A_0.png")
    with pytest.raises(ValueError, match=r"weight map A_0.png: \(4, 4\) pixels, its image has \(64, 48\)"):
        load_source(source, toy_root, 3, 3)
    Image.fromarray(np.zeros((48, 64, 3), np.uint8)).save(toy_root / "weights" / "A_0.png")
    with pytest.raises(ValueError, match="weight map A_0.png: not 8-bit grey"):
        load_source(source, toy_root, 3, 3)
    (toy_root / "weights" / "A_0.png").unlink()
    with pytest.raises(FileNotFoundError, match="weight map A_0.png is missing"):
        load_source(source, toy_root, 3, 3)


def test_an_exported_model_is_trained_on_as_it_is():
    exported = load_exported(ROOT / "models" / SHIPPED)
    images = torch.from_numpy(np.array(Image.open(ROOT / "samples" / "images" / "scene_00001.jpg").resize((128, 96))))
    batch = normalise(images.permute(2, 0, 1)[None].float() / 255)
    model = build_model({"variant": "b0", "num_labels": 11}, None)
    load_init(model, ROOT / "models" / SHIPPED, lambda: [batch])
    with torch.no_grad():
        expected = exported(batch)
        assert torch.allclose(model.eval()(batch), expected, atol=2e-3)
        head = model.decode_head.train()  # and in training, where BatchNorm takes the batch's own statistics
        head.dropout.eval()
        assert torch.allclose(head(model.features(batch)), expected, atol=2e-2)
    other = build_model({"variant": "b0", "num_labels": 3}, None)
    fresh = other.decode_head.classifier.weight.clone()
    load_init(other, ROOT / "models" / SHIPPED, lambda: [batch])
    assert torch.equal(other.decode_head.classifier.weight, fresh)


def dynaseg(*args: str, home: Path) -> None:
    done = subprocess.run(["node", "cli/dynaseg.mjs", *args], cwd=ROOT, capture_output=True, text=True,
                          env=os.environ | {"DYNASEG_USER_DATA": str(home)})
    assert done.returncode == 0, done.stderr


def test_the_next_round_starts_from_a_pack_with_one_command(tmp_path):
    """Masks into a project, the project into a pack (both models are run on it), the pack into a training."""
    if not (ROOT / "node_modules").is_dir():
        pytest.skip("no node_modules: npm ci first")
    images, given, pack = tmp_path / "images", tmp_path / "given", tmp_path / "pack"
    (given / "masks").mkdir(parents=True)
    images.mkdir()
    (given / "classes.json").write_text((ROOT / "samples" / "classes.json").read_text())
    for n, drive in ((1, "A"), (2, "A"), (3, "B")):
        name = f"scene_{n:05}"
        ending = {2: "webp", 3: "bmp"}.get(n, "jpg")
        Image.open(ROOT / "samples" / "images" / f"{name}.jpg").resize(SIZE).save(images / f"{drive}_{n}.{ending}")
        mask = Image.open(ROOT / "samples" / "masks" / f"{name}.png")
        mask.resize(SIZE, Image.Resampling.NEAREST).save(given / "masks" / f"{drive}_{n}.png")
    home = tmp_path / "home"
    dynaseg("import", str(given), "--images", str(images), "--as", "mask", home=home)
    dynaseg("export", str(images), "--format", "retrain", "--out", str(pack), "--split", "drive", "--val-share", "0.3",
            "--smallest-dispute", "4", home=home)
    config = json.loads((pack / "retrain.json").read_text())
    recipe = json.loads((ROOT / "models" / "training" / "configs" / "student.json").read_text())
    of_the_pack = ("sources", "evaluate", "seed", "steps", "batch", "size", "student")
    rest = lambda values: {key: values[key] for key in values if key not in of_the_pack}
    assert rest(config) == rest(recipe)
    assert config["student"] | {"gating": None} == recipe["student"] | {"gating": None}
    manifest = json.loads((pack / "manifest.json").read_text())
    assert sum(image["pixels"]["open"] for image in manifest["images"]) > 0
    for image in manifest["images"]:
        mask, weight = (np.array(Image.open(pack / part / Path(image["mask"]).name)) for part in ("masks", "weights"))
        assert np.array_equal(mask == 255, weight == 0) and (mask == 255).sum() >= image["pixels"]["open"]

    # The teacher is the one that comes with the studio: nothing but the pack and the repository is needed.
    done = subprocess.run([sys.executable, "-m", "training.train", "--config", str(pack / "retrain.json"), "--data", str(pack),
                           "--out", str(tmp_path / "next"), "--teacher", SHIPPED, "--init", SHIPPED, "--steps", "2"],
                          cwd=ROOT / "models", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    model, saved = load_model(tmp_path / "next" / "last.pt")
    assert saved["step"] == 2 and len(saved["classes"]) == 11 and model.gating.keep_ratio == 0.7
    start, *_, last = [json.loads(line) for line in (tmp_path / "next" / "curve.jsonl").read_text().splitlines()]
    named = [(pack / "splits" / f"{part}.txt").read_text().split() for part in ("train", "val")]
    assert sorted(map(sorted, named)) == [["A_1", "A_2"], ["B_3"]]  # a drive is not torn
    assert start["frames"] == [len(named[0])] and start["held_out"] == len(named[1]) and 0 <= last["miou"] <= 1
