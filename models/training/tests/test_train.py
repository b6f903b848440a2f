import json
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from training import ablate, folds
from training.common import strict_config
from training.data import (Augment, Mixture, Source, list_pairs, load_source, read_classes, read_mask,
                           without_drives)
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
    config = toy_config()
    whole = torch.load(train(config, toy_root, tmp_path / "whole"), weights_only=False)
    train(config, toy_root, tmp_path / "parts", stop_after=4)
    parts = torch.load(train(config, toy_root, tmp_path / "parts"), weights_only=False)
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
    (x, y, w), (x2, y2, _), (x3, _, _) = make(1)[4], make(1)[4], make(2)[4]
    assert w is None
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


def test_a_held_out_drive_is_taken_from_every_source(toy_root):
    both, only_b = Source("images", "masks"), Source("images", "masks", drives=["B"])
    kept, taken = without_drives([both, only_b], ["B"], toy_root)
    assert [s.drives for s in kept] == [["A"]] and [s.drives for s in taken] == [["B"], ["B"]]
    assert without_drives([both], [], toy_root) == ([both], [])
    with pytest.raises(ValueError, match="held-out drive C is in no source"):
        without_drives([both], ["C"], toy_root)
    with pytest.raises(ValueError, match="leaves nothing to train on"):
        without_drives([only_b], ["B"], toy_root)


def test_folds_and_ablation_train_and_print_their_tables(toy_root, tmp_path, monkeypatch, capsys):
    values = asdict(toy_config(sources=[{"images": "images", "masks": "masks"}], steps=2))
    (tmp_path / "teacher.json").write_text(json.dumps(values))
    student = {"gating": {"keep_ratio": 0.7}, "distill": {"teacher": None, "stage1_share": 0.5, "min_keep": 0.3,
                                                          "sample_share": 0.5}}
    (tmp_path / "student.json").write_text(json.dumps(values | {"student": student}))
    torch.save({"encoder": {}}, tmp_path / "encoder.pt")
    common = ["--data", str(toy_root), "--out", str(tmp_path / "out")]
    configs = ["--teacher-config", str(tmp_path / "teacher.json"), "--student-config", str(tmp_path / "student.json")]
    monkeypatch.setattr("sys.argv", ["folds", *configs, *common, "--init", str(tmp_path / "encoder.pt"), "--drive", "B"])
    folds.main()
    assert "| student, keep 0.3 |" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["folds", *configs, *common, "--init", str(tmp_path / "encoder.pt"), "--drive", "A"])
    folds.main()
    assert "| mIoU (%) | B (1 frames) | A (3 frames) | mean | all frames |" in capsys.readouterr().out
    results = json.loads((tmp_path / "out" / "folds.json").read_text())
    assert results["B"]["frames"] == 1 and list(results["B"]["confusion"])[0] == "teacher"
    teacher = str(tmp_path / "out" / "B-teacher" / "last.pt")
    rows = ["--row", "no distillation", "--row", "both stages, static pruning by magnitude", "--row",
            "both stages, Q/K/V gates off", "--row", "both stages, FFN gates off"]
    monkeypatch.setattr("sys.argv", ["ablate", "--config", str(tmp_path / "student.json"), *common, "--teacher", teacher,
                                     "--hold-out", "B", *rows])
    ablate.main()
    assert "teacher, unpruned" in capsys.readouterr().out
    assert len(json.loads((tmp_path / "out" / "ablation.json").read_text())["rows"]) == 4


def test_the_last_column_of_the_folds_is_one_confusion_matrix_over_all_drives():
    of = lambda matrix: {"frames": 1, "classes": ["Sky", "Road"], "confusion": {"teacher": matrix}}
    # of all pixels together: IoU 8/10 of the first class, 2/4 of the second
    found = folds.fold_figures({"A": of([[8, 0], [2, 0]]), "B": of([[0, 0], [0, 2]])})
    assert folds.table(found).splitlines()[-1] == "| teacher | 40.0 | 100.0 | 70.0 | 65.0 |"


def test_masks_that_the_studio_exported_open_as_they_are(toy_root, tmp_path):
    """Its folder has masks/ and classes.json; the images stay where they are, and not all need have a mask."""
    out = tmp_path / "export"
    (out / "masks" / "day").mkdir(parents=True)
    (toy_root / "images" / "day").mkdir()
    for name in ("A_0", "B_3"):
        (toy_root / "images" / f"{name}.png").rename(toy_root / "images" / "day" / f"{name}.png")
    (toy_root / "masks" / "A_0.png").rename(out / "masks" / "day" / "A_0.png")
    (toy_root / "masks" / "B_3.png").rename(out / "masks" / "day" / "B_3.png.png")
    (toy_root / "classes.json").rename(out / "classes.json")
    source = Source("toy/images", "export/masks", partial=True)
    assert read_classes(tmp_path / source.images, tmp_path / source.masks) == (["red", "green", "blue"], 3)
    assert [f.name for f in load_source(source, tmp_path, 3, 3)] == ["A_0", "B_3"]
    with pytest.raises(FileNotFoundError, match='image A_1.png has no mask A_1.png .*"partial": true'):
        load_source(Source("toy/images", "export/masks"), tmp_path, 3, 3)


def test_every_shipped_config_is_read():
    for path in (Path(__file__).resolve().parents[1] / "configs").glob("*.json"):
        strict_config(TrainConfig, json.loads(path.read_text()))


def test_camvid_reads(data_root):
    source = Source("camvid/train/images", "camvid/train/masks", drives=["0001TP"])
    classes, void = read_classes(data_root / source.images)
    frames = load_source(source, data_root, len(classes), void)
    assert len(frames) == 62 and frames[0].image.shape == (3, 360, 480)
