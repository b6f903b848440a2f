import json

import pytest
import torch

from training.common import strict_config
from training.data import Augment, Mixture, Source, list_pairs, load_source, read_classes, read_mask
from training.evaluate import evaluate
from training.train import TrainConfig, load_model, train

from .conftest import TINY

MODEL = {k: list(v) if isinstance(v, tuple) else v for k, v in TINY.items() if k not in ("variant", "num_labels")}


def toy_config(**changes) -> TrainConfig:
    values = dict(sources=[{"images": "images", "masks": "masks", "drives": ["A"]}], model=MODEL, steps=6, batch=2,
                  size=(32, 48), scale=(0.8, 1.2), lr=1e-3, warmup=1, save_every=2, bf16=False, threads=1)
    return strict_config(TrainConfig, {**values, **changes})


def same(a: dict, b: dict) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


def test_resumed_run_equals_uninterrupted_run(toy_root, tmp_path):
    whole = torch.load(train(toy_config(), toy_root, tmp_path / "whole"), weights_only=False)
    train(toy_config(), toy_root, tmp_path / "parts", stop_after=4)
    parts = torch.load(train(toy_config(), toy_root, tmp_path / "parts"), weights_only=False)
    assert whole["step"] == parts["step"] == 6
    assert same(whole["model"], parts["model"]) and same(whole["ema"], parts["ema"])


def test_student_distils_and_evaluates(toy_root, tmp_path):
    teacher = train(toy_config(), toy_root, tmp_path / "teacher")
    distill = {"teacher": str(teacher), "stage1_share": 0.5, "anneal_share": 0.5, "min_keep": 0.4, "sample_share": 0.5}
    config = toy_config(init=str(teacher), student={"gating": {"keep_ratio": 0.7}, "distill": distill})
    student = train(config, toy_root, tmp_path / "student")
    model, saved = load_model(student)
    assert saved["step"] == 6 and len(model.gates()) == 12
    curve = [json.loads(line) for line in (tmp_path / "student" / "curve.jsonl").read_text().splitlines()]
    assert curve[0]["event"] == "start" and curve[0]["config"]["seed"] == 1 and curve[0]["commit"]
    result = evaluate(student, toy_root / "images", toy_root / "masks", ["B"])
    assert result["frames"] == 1 and 0 <= result["miou"] <= 1


def test_batches_depend_on_seed_and_step_only(toy_root):
    source = Source("images", "masks")
    frames = load_source(source, toy_root, 3, 3)
    make = lambda seed: Mixture([(source, frames)], Augment((32, 32), (0.5, 2.0)), 3, 10, seed)
    (x, y), (x2, y2), (x3, _) = make(1)[4], make(1)[4], make(2)[4]
    assert torch.equal(x, x2) and torch.equal(y, y2) and not torch.equal(x, x3)
    assert x.shape == (3, 3, 32, 32) and y.shape == (3, 16, 16)
    assert set(y.unique().tolist()) <= {0, 1, 2, 255} and x.min() >= 0 and x.max() <= 1


def test_masks_and_names_are_checked(toy_root):
    assert read_classes(toy_root / "images") == (["red", "green", "blue"], 3)
    assert len(list_pairs(toy_root / "images", toy_root / "masks", ["B"])) == 1
    with pytest.raises(ValueError, match="A_0.png: value 2 is not one of the 2 classes"):
        read_mask(toy_root / "masks" / "A_0.png", 2, 3)
    with pytest.raises(ValueError, match="drives C"):
        list_pairs(toy_root / "images", toy_root / "masks", ["C"])
    with pytest.raises(ValueError, match="learning_rate"):
        toy_config(learning_rate=1)


def test_held_out_drive_is_in_no_training_config():
    from pathlib import Path

    folder = Path(__file__).resolve().parents[1] / "configs"
    for path in folder.glob("*.json"):
        config = strict_config(TrainConfig, json.loads(path.read_text()))
        held_out = set(config.evaluate["drives"])
        for source in config.sources:
            if source["images"].startswith("camvid"):
                assert source["drives"] and not held_out & set(source["drives"]), path.name


def test_camvid_reads(data_root):
    source = Source("camvid/train/images", "camvid/train/masks", drives=["0001TP"])
    classes, void = read_classes(data_root / source.images)
    frames = load_source(source, data_root, len(classes), void)
    assert len(frames) == 62 and frames[0].image.shape == (3, 360, 480)
