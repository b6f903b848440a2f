"""What datumaro reads and writes, for test_formats_datumaro.py: `python datumaroMasks.py TASK.json`.

It runs in a process of its own, because datumaro asks for a Pillow of its own (apart-datumaro.txt). Masks come and go as
.npz of class numbers; 255 is what no class has.
"""

import json
import sys
from pathlib import Path

import datumaro as dm
import numpy as np
from datumaro.components.annotation import AnnotationType, LabelCategories, Mask, MaskCategories
from datumaro.components.media import Image
from datumaro.plugins.data_formats.cityscapes import CITYSCAPES_LABEL_MAP

IGNORE = 255


def read(task):
    """Every item's masks, painted in the order in which datumaro has them. Without mask and picture it has no size."""
    dataset = dm.Dataset.import_from(task["path"], task["format"])
    labels = [label.name for label in dataset.categories()[AnnotationType.label].items]
    found = {}
    for item in dataset:
        masks = [a for a in item.annotations if a.type == AnnotationType.mask]
        if not masks and item.media is None:
            continue
        size = masks[0].image.shape if masks else item.media.size
        ids = np.full(size, IGNORE, np.uint8)
        for mask in masks:
            if labels[mask.label] in task["classes"]:
                ids[mask.image.astype(bool)] = task["classes"].index(labels[mask.label])
        found[item.id] = ids
    np.savez(task["out"], **found)
    return {"labels": labels, "items": len(found)}


def categories(task):
    """The task's classes, or all labels of Cityscapes, whose place is their id there."""
    if task["format"] != "cityscapes":
        return task["classes"]
    colours = {n: colour for n, colour in enumerate(CITYSCAPES_LABEL_MAP.values())}
    return {AnnotationType.label: LabelCategories.from_iterable(CITYSCAPES_LABEL_MAP), AnnotationType.mask: MaskCategories(colours)}


def write(task):
    every = categories(task)
    labels = list(CITYSCAPES_LABEL_MAP) if task["format"] == "cityscapes" else task["classes"]
    items = []
    for name, ids in np.load(task["masks"]).items():
        masks = [Mask(ids == c, label=labels.index(label), id=c + 1, group=c + 1)
                 for c, label in enumerate(task["classes"]) if (ids == c).any()]
        image = Image.from_numpy(np.zeros((*ids.shape, 3), np.uint8))
        items.append(dm.DatasetItem(name, subset=task["subset"], media=image, annotations=masks))
    dataset = dm.Dataset.from_iterable(items, categories=every)
    dataset.export(task["out"], task["format"], save_media=True, **task["options"])
    return {"items": len(items)}


results = [{"read": read, "write": write}[task["do"]](task) for task in json.loads(Path(sys.argv[1]).read_text())]
print(json.dumps(results))
