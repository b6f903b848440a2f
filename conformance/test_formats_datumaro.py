"""Datumaro, which CVAT imports and exports with: what we write, it reads; what it writes, we read."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from formatMasks import CLASSES, IGNORE, agree, read_back

APART = Path(sys.prefix) / "apart" / "datumaro"
STREET = [*CLASSES[:-1], "vegetation"]  # as Cityscapes calls them


def labelled(truth):
    return {name: ids for name, ids in truth.items() if (ids != IGNORE).any()}


def datumaro(tasks, folder):
    path = folder / "datumaro.json"
    path.write_text(json.dumps(tasks))
    done = subprocess.run([sys.executable, str(Path(__file__).parent / "datumaroMasks.py"), str(path)], capture_output=True,
                          text=True, env={**os.environ, "PYTHONPATH": str(APART)})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def seen(written, tmp_path_factory):
    """What datumaro reads of each export: {our format: (labels, {item: ids})}."""
    out, _ = written
    folder = tmp_path_factory.mktemp("datumaro")
    tasks = []
    for ours, theirs in READ.items():
        path = out / ours
        if ours in ("coco-stuff", "coco-panoptic", "cvat-xml"):  # it wants pictures below images/; the formats do not
            path = shutil.copytree(path, folder / ours)
            shutil.copytree(out.parent / "images", path / "images")
        classes = STREET if ours == "cityscapes" else CLASSES
        tasks.append({"do": "read", "format": theirs, "path": str(path), "classes": classes, "out": str(folder / f"{ours}.npz")})
    results = datumaro(tasks, folder)
    return {ours: (result["labels"], dict(np.load(folder / f"{ours}.npz"))) for ours, result in zip(READ, results)}


READ = {"voc": "voc_segmentation", "cvat": "voc_segmentation", "cvat-xml": "cvat", "coco-stuff": "coco_stuff",
        "coco-panoptic": "coco_panoptic", "cityscapes": "cityscapes"}


@pytest.mark.parametrize("name", ["voc", "cvat", "cvat-xml", "coco-stuff", "coco-panoptic"])
def test_datumaro_reads(seen, written, name, table):
    _, truth = written
    labels, masks = seen[name]
    assert labels == {"voc": ["background", *CLASSES, "ignore"], "cvat": ["background", *CLASSES]}.get(name, CLASSES)
    expected = labelled(truth) if name == "cvat" else truth  # which has no pictures, and so no size of one without objects
    agree(masks, expected)
    table(name, "write", "datumaro", len(expected))


def test_datumaro_reads_cityscapes(seen, written, table):
    """Its reader of train ids leaves out number 0, the road (`if label_id`): all others are equal, and roads are nothing."""
    out, truth = written
    manifest = json.loads((out / "cityscapes" / "manifest.json").read_text())
    items = {Path(i["image"]).stem: i["mask"].split("/", 2)[2].replace("_gtFine_labelIds.png", "") for i in manifest["images"]}
    _, masks = seen["cityscapes"]
    expected = {items[name]: np.where(ids == CLASSES.index("road"), IGNORE, ids) for name, ids in truth.items()}
    agree(masks, expected)
    table("cityscapes", "write, all classes but the first", "datumaro", len(truth))


WRITTEN = [("voc", "voc_segmentation", {}), ("voc", "voc_segmentation", {"apply_colormap": False}),
           ("coco-stuff", "coco_stuff", {}), ("coco-panoptic", "coco_panoptic", {}), ("cityscapes", "cityscapes", {}),
           ("cvat-xml", "cvat", {})]


def test_datumaro_writes(written, tmp_path, table):
    """Palettes of its own: colours or numbers for VOC, names without colours, numbers of Cityscapes."""
    _, truth = written
    plain = labelled(truth)
    np.savez(tmp_path / "truth.npz", **plain)
    city = {f"{name.split('_')[0]}_000000_{n:06d}": ids for n, (name, ids) in enumerate(plain.items())}
    np.savez(tmp_path / "city.npz", **city)
    tasks = [{"do": "write", "format": theirs, "classes": STREET if ours == "cityscapes" else CLASSES, "subset": "train",
              "masks": str(tmp_path / ("city.npz" if ours == "cityscapes" else "truth.npz")), "out": str(tmp_path / f"out{n}"),
              "options": options} for n, (ours, theirs, options) in enumerate(WRITTEN)]
    datumaro(tasks, tmp_path)
    results = read_back([tmp_path / f"out{n}" for n in range(len(WRITTEN))], tmp_path)
    for (ours, _, options), (format, masks) in zip(WRITTEN, results):
        # Masks of colours with a labelmap.txt are what CVAT calls a segmentation mask.
        assert format == ("cvat" if ours == "voc" and not options else ours)
        agree(masks, city if ours == "cityscapes" else plain)
        table(format, "read", "datumaro", len(masks))
