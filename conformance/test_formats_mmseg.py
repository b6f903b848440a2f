"""mmsegmentation's datasets and loaders read what we write; what its test command writes for a benchmark, we read.

Installed with mmcv-lite, which has no compiled operators: the loaders use none.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from formatMasks import CLASSES, IGNORE, agree, read_back
from placeholders import absent

absent("mmcv.ops", "point_sample")
import mmseg.datasets  # noqa: E402, F401
from mmengine.config import Config  # noqa: E402
from mmseg.evaluation import IoUMetric  # noqa: E402
from mmseg.registry import DATASETS  # noqa: E402

PIPELINE = [{"type": "LoadImageFromFile"}, {"type": "mmseg.LoadAnnotations"}]
TRAIN_IDS = [0, 10, 13, 11, 8]  # road, sky, car, person and vegetation of Cityscapes


def loaded(dataset, root, pipeline=PIPELINE):
    """{mask below the root: what the loader makes of it}.

    It squeezes: a single row comes without its axis, and is given it back; a single pixel is no array any more, from which
    it cannot take away the zero of ADE20K.
    """
    dataset = DATASETS.build({**dataset, "pipeline": pipeline})
    found = {}
    for n in range(len(dataset)):
        info = dataset.get_data_info(n)
        width, height = Image.open(info["img_path"]).size
        if dataset.reduce_zero_label and width * height == 1:
            continue
        found[os.path.relpath(info["seg_map_path"], root)] = dataset[n]["gt_seg_map"].reshape(height, width)
    return found


def expected(root, truth, values):
    """The same as the format's values, by the manifest."""
    table = np.full(256, IGNORE, np.uint8)
    table[:len(values)] = values
    images = json.loads((root / "manifest.json").read_text())["images"]
    return {entry["mask"]: table[truth[Path(entry["image"]).stem]] for entry in images}


def test_mmseg_reads_its_layout_by_the_config_beside_it(written, monkeypatch, table):
    """dataset.py as it is written; the same numbers through Pillow and OpenCV, which makes colours of a palette."""
    out, truth = written
    root = out / "mmseg"
    monkeypatch.chdir(root)
    config = Config.fromfile("dataset.py")
    assert list(config.metainfo["classes"]) == CLASSES
    for backend in ("pillow", "cv2"):
        pipeline = [PIPELINE[0], {**PIPELINE[1], "imdecode_backend": backend}]
        found = {}
        for part in ("train_dataset", "val_dataset"):
            found |= loaded(config[part], ".", pipeline)
        agree(found, expected(root, truth, range(len(CLASSES))))
    table("mmseg", "write", "mmsegmentation", len(truth))


SPLITS = {"ade20k": ("training", "validation"), "cityscapes": ("train", "val"), "voc": ("train", "val")}


def dataset_of(name, root, split):
    if name == "ade20k":
        return {"type": "ADE20KDataset", "img_suffix": ".png",
                "data_prefix": {"img_path": str(root / "images" / split), "seg_map_path": str(root / "annotations" / split)}}
    if name == "cityscapes":
        return {"type": "CityscapesDataset",
                "data_prefix": {"img_path": str(root / "leftImg8bit" / split), "seg_map_path": str(root / "gtFine" / split)}}
    return {"type": "PascalVOCDataset", "img_suffix": ".png", "ann_file": str(root / "ImageSets/Segmentation" / f"{split}.txt"),
            "data_prefix": {"img_path": str(root / "JPEGImages"), "seg_map_path": str(root / "SegmentationClass")}}


@pytest.mark.parametrize("name", SPLITS)
def test_mmseg_reads(written, name, table):
    """ADE20K loses its zero there; Cityscapes are train ids; VOC has background at 0."""
    out, truth = written
    root = out / name
    found = {}
    for split in SPLITS[name]:
        found |= loaded(dataset_of(name, root, split), root)
    values = {"ade20k": range(len(CLASSES)), "cityscapes": TRAIN_IDS, "voc": range(1, len(CLASSES) + 1)}[name]
    masks = {file: ids for file, ids in expected(root, truth, values).items() if name != "ade20k" or ids.size > 1}
    if name == "cityscapes":
        masks = {file.replace("_labelIds", "_labelTrainIds"): ids for file, ids in masks.items()}
    agree(found, masks)
    table(name, "write", "mmsegmentation", len(masks))


@pytest.mark.parametrize("name, folder, reduced", [("mmseg", "ann_dir/val", False), ("ade20k", "annotations/validation", True)])
def test_mmseg_writes(written, tmp_path, name, folder, reduced, table):
    """Predictions as IoUMetric saves them with `format_only`; a model has no class to ignore."""
    _, truth = written
    metric = IoUMetric(format_only=True, output_dir=str(tmp_path / folder))
    metric.dataset_meta = {"classes": CLASSES}
    whole = {image: np.where(ids == IGNORE, 0, ids) for image, ids in truth.items() if min(ids.shape) > 1}
    metric.process({}, [{"img_path": f"{image}.jpg", "reduce_zero_label": reduced,
                         "pred_sem_seg": {"data": torch.from_numpy(ids)[None].long()}} for image, ids in whole.items()])
    (tmp_path / "classes.json").write_text(json.dumps({"classes": CLASSES}))
    (format, masks), = read_back([tmp_path], tmp_path)
    assert format == name
    agree(masks, whole)
    table(name, "read", "mmsegmentation", len(whole))
