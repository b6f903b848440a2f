"""Mask formats against their own tools: what we write, they read, and what they write, we read, pixel for pixel.

The last line of each case goes into the table of formats that is printed at the end (see conftest.py).
"""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from formatMasks import CLASSES, FORMATS, IGNORE, agree, read_back


def test_every_format_is_read_as_it_was_written(written, tmp_path, table):
    out, truth = written
    for name, (format, masks) in zip(FORMATS, read_back([out / f for f in FORMATS], tmp_path)):
        assert format == name
        manifest = json.loads((out / name / "manifest.json").read_text())
        if name == "cityscapes":  # its names are city_sequence_frame
            images = {Path(i["mask"]).name.replace("_gtFine_labelIds.png", ""): Path(i["image"]).stem for i in manifest["images"]}
            masks = {images[k]: v for k, v in masks.items()}
        agree(masks, truth)
        table(name, "read and write", "dynaseg", len(truth))


def test_pycocotools(written, tmp_path, table):
    """Byte-equal encodings, the same masks, and what it encodes is read."""
    from pycocotools import mask as tool

    out, truth = written
    cases = 0
    for split in ("train", "val"):
        path = out / "coco-stuff" / "annotations" / f"stuff_{split}.json"
        content = json.loads(path.read_text())
        names = {image["id"]: Path(image["file_name"]).stem for image in content["images"]}
        for annotation in content["annotations"]:
            mask = (truth[names[annotation["image_id"]]] == annotation["category_id"] - 1).astype(np.uint8)
            theirs = tool.encode(np.asfortranarray(mask))
            assert theirs["counts"].decode() == annotation["segmentation"]["counts"]
            assert theirs["size"] == annotation["segmentation"]["size"]
            assert np.array_equal(tool.decode(annotation["segmentation"]), mask)
            assert int(tool.area(theirs)) == annotation["area"] and tool.toBbox(theirs).tolist() == annotation["bbox"]
            cases += 1
    theirs = {"images": [], "annotations": [], "categories": [{"id": n + 1, "name": c} for n, c in enumerate(CLASSES)]}
    for n, (name, ids) in enumerate(truth.items()):
        theirs["images"].append({"id": n, "file_name": f"{name}.jpg", "height": ids.shape[0], "width": ids.shape[1]})
        for category in range(len(CLASSES)):
            rle = tool.encode(np.asfortranarray(ids == category))
            theirs["annotations"].append({"id": len(theirs["annotations"]), "image_id": n, "category_id": category + 1,
                                          "segmentation": {"size": rle["size"], "counts": rle["counts"].decode()}})
    (tmp_path / "theirs.json").write_text(json.dumps(theirs))
    (format, masks), = read_back([tmp_path / "theirs.json"], tmp_path)
    assert format == "coco-stuff"
    agree(masks, truth)
    table("coco-stuff", "read and write, encodings byte-equal", "pycocotools", cases)


def test_coco_panoptic_as_published(written, table):
    """The checks of panopticapi's evaluation: ids in the PNG are those in the JSON, with their areas and boxes."""
    out, truth = written
    for split in ("train", "val"):
        content = json.loads((out / "coco-panoptic" / "annotations" / f"panoptic_{split}.json").read_text())
        assert all(c["id"] > 0 for c in content["categories"])
        for annotation in content["annotations"]:
            image = Image.open(out / "coco-panoptic" / "annotations" / f"panoptic_{split}" / annotation["file_name"])
            assert image.mode == "RGB"
            rgb = np.array(image, dtype=np.uint32)
            ids = rgb[:, :, 0] + 256 * rgb[:, :, 1] + 65536 * rgb[:, :, 2]
            assert set(np.unique(ids)) - {0} == {s["id"] for s in annotation["segments_info"]}
            expected = truth[Path(annotation["file_name"]).stem]
            for segment in annotation["segments_info"]:
                mask = ids == segment["id"]
                ys, xs = np.nonzero(mask)
                assert segment["area"] == mask.sum()
                assert segment["bbox"] == [xs.min(), ys.min(), xs.max() - xs.min() + 1, ys.max() - ys.min() + 1]
                assert np.array_equal(mask, expected == segment["category_id"] - 1)
    table("coco-panoptic", "write", "panopticapi's checks in NumPy", len(truth))


def test_label_studio_brush(written, tmp_path, table):
    """The converter of Label Studio's SDK decodes ours, and we decode its."""
    from label_studio_sdk.converter import brush

    out, truth = written
    tasks = json.loads((out / "label-studio" / "tasks.json").read_text())
    names = {t["id"]: Path(t["data"]["image"].split("?d=")[1]).stem for t in tasks}
    cases = 0
    for task in tasks:
        for region in task["annotations"][0]["result"]:
            shape = (region["original_height"], region["original_width"], 4)
            values = np.array(brush.decode_rle(region["value"]["rle"])).reshape(shape)
            expected = truth[names[task["id"]]] == CLASSES.index(region["value"]["brushlabels"][0])
            assert np.array_equal(values[:, :, 3] >= 128, expected)
            cases += 1
    theirs = []
    for n, (name, ids) in enumerate(truth.items()):
        result = [{"type": "brushlabels", "original_width": ids.shape[1], "original_height": ids.shape[0], "image_rotation": 0,
                   "value": {"format": "rle", "rle": [int(v) for v in brush.mask2rle(((ids == c) * 255).astype(np.uint8))],
                             "brushlabels": [CLASSES[c]]}} for c in range(len(CLASSES)) if (ids == c).any()]
        theirs.append({"id": n, "data": {"image": f"/data/upload/1/0a1b2c3d-{name}.jpg"}, "annotations": [{"result": result}]})
    (tmp_path / "export.json").write_text(json.dumps(theirs))
    (format, masks), = read_back([tmp_path / "export.json"], tmp_path)
    assert format == "label-studio"
    # The void mask is an annotation without result here: nothing says its size, and it is left out.
    agree(masks, {name: ids for name, ids in truth.items() if (ids != IGNORE).any()})
    table("label-studio", "read and write", "label-studio-sdk", cases)


def test_datasets_imagefolder(written, tmp_path, table):
    """load_dataset pairs images and masks by metadata.jsonl."""
    import datasets

    out, truth = written
    loaded = datasets.load_dataset("imagefolder", data_dir=str(out / "imagefolder"), cache_dir=str(tmp_path))
    labels = json.loads((out / "imagefolder" / "id2label.json").read_text())
    assert list(labels.values()) == CLASSES
    found = {}
    for split in ("train", "validation"):
        for row in loaded[split].cast_column("mask", datasets.Image(decode=False)):
            assert set(row) == {"image", "mask"}
            found[Path(row["mask"]["path"]).stem] = np.array(Image.open(row["mask"]["path"]))
        for row in loaded[split]:
            assert row["image"].size == row["mask"].size
    agree(found, truth)
    table("imagefolder", "write", "datasets", len(truth))


@pytest.mark.parametrize("name", ["mmseg", "ade20k", "voc", "cityscapes", "png"])
def test_index_masks_in_pillow(written, name, table):
    """The numbers that a loader built on Pillow sees (torchvision's, mmsegmentation's pillow backend)."""
    out, truth = written
    manifest = json.loads((out / name / "manifest.json").read_text())
    city = {"road": 7, "sky": 23, "car": 26, "person": 24, "tree": 21}
    value = {"mmseg": lambda c: c, "png": lambda c: c, "ade20k": lambda c: c + 1, "voc": lambda c: c + 1,
             "cityscapes": lambda c: city[CLASSES[c]]}[name]
    ignored = {"ade20k": 0, "cityscapes": 0}.get(name, IGNORE)
    for entry in manifest["images"]:
        ids = truth[Path(entry["image"]).stem]
        expected = np.full_like(ids, ignored)
        for c in range(len(CLASSES)):
            expected[ids == c] = value(c)
        image = Image.open(out / name / entry["mask"])
        assert image.mode == ("P" if name in ("voc", "png") else "L")
        assert np.array_equal(np.array(image), expected)
        if "copy" in entry:
            assert Image.open(out / name / entry["copy"]).size == image.size
    table(name, "write", "Pillow", len(manifest["images"]))


def test_voc_and_mmseg_written_by_pillow(written, tmp_path, table):
    """Palette and grey masks of another program."""
    _, truth = written
    voc, mmseg = tmp_path / "voc", tmp_path / "mmseg"
    (voc / "SegmentationClass").mkdir(parents=True)
    (mmseg / "ann_dir" / "val").mkdir(parents=True)
    (voc / "labelmap.txt").write_text("background:0,0,0::\n" + "".join(f"{c}:{n},{n},9::\n" for n, c in enumerate(CLASSES)))
    (mmseg / "classes.json").write_text(json.dumps({"classes": CLASSES, "void": IGNORE}))
    for name, ids in truth.items():
        image = Image.fromarray(np.where(ids == IGNORE, IGNORE, ids + 1).astype(np.uint8), mode="P")
        image.putpalette([n % 256 for n in range(768)])
        image.save(voc / "SegmentationClass" / f"{name}.png")
        Image.fromarray(ids).save(mmseg / "ann_dir" / "val" / f"{name}.png", optimize=True)
    results = read_back([voc, mmseg], tmp_path)
    for expected, (format, masks) in zip(["voc", "mmseg"], results):
        assert format == expected
        agree(masks, truth)
        table(format, "read", "Pillow", len(truth))


def test_cvat_colours_are_declared(written, table):
    """What CVAT's importer asks for: every colour in a mask is in labelmap.txt, and every mask is in the list."""
    out, truth = written
    root = out / "cvat"
    colours = {}
    for line in (root / "labelmap.txt").read_text().splitlines():
        if not line.startswith("#"):
            name, colour = re.match(r"([^:]+):(\d+,\d+,\d+)::", line).groups()
            colours[tuple(int(v) for v in colour.split(","))] = name
    assert colours[(0, 0, 0)] == "background" and len(colours) == len(CLASSES) + 1
    assert sorted((root / "ImageSets/Segmentation/default.txt").read_text().split()) == sorted(truth)
    for name, ids in truth.items():
        rgb = np.array(Image.open(root / "SegmentationClass" / f"{name}.png"))
        assert rgb.shape == (*ids.shape, 3)
        for colour, label in colours.items():
            mask = (rgb == colour).all(axis=2)
            expected = ids == IGNORE if label == "background" else ids == CLASSES.index(label)
            assert np.array_equal(mask, expected)
        assert {tuple(c) for c in rgb.reshape(-1, 3).tolist()} <= set(colours)
    table("cvat", "write", "CVAT's rules in NumPy", len(truth))


def test_labelme_masks_as_its_documentation_says(written, tmp_path, table):
    """Crops with both corners inside; what is drawn the same way by hand is read."""
    import base64
    import io

    out, truth = written
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    for name, ids in truth.items():
        content = json.loads((out / "labelme" / f"{name}.json").read_text())
        assert content["imageData"] is None and (out / "labelme" / content["imagePath"]).is_file()
        painted = np.full_like(ids, IGNORE)
        for shape in content["shapes"]:
            (x1, y1), (x2, y2) = shape["points"]
            crop = np.array(Image.open(io.BytesIO(base64.b64decode(shape["mask"])))).astype(bool)
            assert crop.shape == (y2 - y1 + 1, x2 - x1 + 1)
            painted[y1:y2 + 1, x1:x2 + 1][crop] = CLASSES.index(shape["label"])
        assert np.array_equal(painted, ids)
        shutil.copy(out / "labelme" / f"{name}.json", theirs)
    (format, masks), = read_back([theirs], tmp_path)
    assert format == "labelme"
    agree(masks, truth)
    table("labelme", "read and write", "its documented mask shape in NumPy", len(truth))
