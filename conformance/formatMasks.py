"""Masks that the studio writes and reads for the tests of formats, through formatCases.ts."""

import json
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
CLASSES = ["road", "sky", "car", "person", "tree"]
IGNORE = 255
SIZES = [(37, 53), (64, 48), (40, 60), (33, 31), (1, 1), (1, 9), (9, 1)]  # height, width; odd ones, and the least
VOID_SIZE = (5, 7)  # of an image of which nothing is labelled
FORMATS = ["png", "ade20k", "cityscapes", "voc", "coco-stuff", "coco-panoptic", "labelme", "cvat", "cvat-xml",
           "label-studio", "mmseg", "imagefolder", "retrain"]


def run(task, folder):
    path = folder / f"task-{task['do']}.json"
    path.write_text(json.dumps(task))
    done = subprocess.run(["npx", "tsx", "conformance/formatCases.ts", str(path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def blobs(rng, height, width):
    """Regions of all classes with holes, single pixels and some ignored."""
    ids = np.full((height, width), IGNORE, np.uint8)
    for _ in range(40):
        y, x = rng.integers(0, height), rng.integers(0, width)
        h, w = rng.integers(1, height // 2 + 2), rng.integers(1, width // 2 + 2)
        ids[y:y + h, x:x + w] = rng.choice([*range(len(CLASSES)), IGNORE])
    return ids


def write_all(folder):
    """(folder with one export per format, {image stem: ids})."""
    rng = np.random.default_rng(7)
    (folder / "images").mkdir()
    masks, truth = [], {}
    for n, (height, width) in enumerate([*SIZES, VOID_SIZE]):
        name = f"{'Straße' if n % 3 == 0 else 'drive'}{n % 2}_{n}"
        Image.fromarray(rng.integers(0, 255, (height, width, 3), dtype=np.uint8)).save(folder / "images" / f"{name}.png")
        truth[name] = blobs(rng, height, width) if n < len(SIZES) else np.full(VOID_SIZE, IGNORE, np.uint8)
        truth[name].tofile(folder / f"{name}.raw")
        masks.append({"image": f"{name}.png", "ids": str(folder / f"{name}.raw"), "width": width, "height": height})
    task = {"do": "write", "classes": CLASSES, "images": str(folder / "images"), "masks": masks, "formats": FORMATS,
            "out": str(folder / "out")}
    for result in run(task, folder):
        assert result["written"] == len(truth) and result["problems"] == []
    return folder / "out", truth


def read_back(paths, folder):
    """{path: (format, {image: ids})} of what the studio reads."""
    task = {"do": "read", "classes": CLASSES,
            "from": [{"path": str(path), "out": str(folder / f"read-{n}")} for n, path in enumerate(paths)]}
    results = []
    for result in run(task, folder):
        masks = {Path(m["image"]).stem: np.fromfile(m["file"], np.uint8).reshape(m["height"], m["width"]) for m in result["masks"]}
        assert all(m["unknown"] == [] for m in result["masks"])
        results.append((result["format"], masks))
    return results


def agree(masks, truth):
    assert masks.keys() == truth.keys()
    for name in truth:
        assert np.array_equal(masks[name], truth[name]), name
