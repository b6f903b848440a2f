"""Mask formats against their own tools: what we write, they read, and what they write, we read, pixel for pixel.

The last line of each case goes into the table of formats that is printed at the end (see conftest.py).
"""

import json
import re
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
    table("coco-stuff", "write, encodings byte-equal", "pycocotools", cases)
    table("coco-stuff", "read, encodings byte-equal", "pycocotools", len(theirs["annotations"]))


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


def test_transformers_reads_coco_panoptic(written, table):
    """DETR's image processor, which trains on panoptic COCO: a mask and a category for each segment."""
    from transformers import DetrImageProcessor

    out, truth = written
    processor = DetrImageProcessor(format="coco_panoptic", do_resize=False, do_pad=False, do_normalize=False)
    found = {}
    for split in ("train", "val"):
        folder = out / "coco-panoptic" / "annotations" / f"panoptic_{split}"
        for annotation in json.loads(folder.with_suffix(".json").read_text())["annotations"]:
            image = Image.open(out.parent / "images" / annotation["file_name"])
            labels = processor(images=image, annotations=annotation, masks_path=folder, return_tensors="np")["labels"][0]
            ids = np.full(image.size[::-1], IGNORE, np.uint8)
            for mask, category, area in zip(labels["masks"], labels["class_labels"], labels["area"]):
                ids[mask.astype(bool)] = category - 1
                assert mask.sum() == area
            found[Path(annotation["file_name"]).stem] = ids
    agree(found, truth)
    table("coco-panoptic", "write", "transformers", len(truth))


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
    table("label-studio", "write", "label-studio-sdk", cases)
    table("label-studio", "read", "label-studio-sdk", sum(len(t["annotations"][0]["result"]) for t in theirs))


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


def test_pngs_of_few_and_many_bits_by_pillow(written, tmp_path, table):
    """Palettes of 1, 2 and 4 bits, single bits, grey and 16-bit grey: values are numbers, whatever their colours."""
    _, truth = written
    palette = [9] * 768  # all alike
    variants = {  # classes, value of void, mode; bits where Pillow must be told
        "palette1": (1, 1, "P", 1), "palette2": (3, 3, "P", 2), "palette4": (5, 15, "P", 4), "palette8": (5, 200, "P", 8),
        "bit": (1, 1, "1", None), "grey": (5, 77, "L", None), "wide": (5, 65535, "I;16", None)}
    for name, (count, void, mode, bits) in variants.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "classes.json").write_text(json.dumps({"classes": CLASSES[:count], "void": void}))
        for stem, ids in truth.items():
            values = np.where(ids < count, ids.astype(np.uint16), void)
            image = Image.fromarray(values if mode == "I;16" else values.astype(np.uint8))
            if mode == "P":
                image.putpalette(palette)
                image.save(tmp_path / name / f"{stem}.png", bits=bits)
            else:
                (Image.fromarray(values > 0) if mode == "1" else image).save(tmp_path / name / f"{stem}.png")
            assert Image.open(tmp_path / name / f"{stem}.png").mode == mode
    results = read_back([tmp_path / name for name in variants], tmp_path)
    for (count, *_), (format, masks) in zip(variants.values(), results):
        assert format == "png"
        agree(masks, {stem: np.where(ids < count, ids, IGNORE) for stem, ids in truth.items()})
    table("png", "read", "Pillow", len(variants) * len(truth))


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
