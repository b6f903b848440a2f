"""labelme's own files: LabelFile reads and writes them, shapes_to_label paints them as its own exports do.

Both are imported without the window that they belong to: PyQt5 is not installed, and nothing here is of it.
"""


import numpy as np
from PIL import Image

from formatMasks import CLASSES, IGNORE, agree, read_back
from placeholders import absent

for module in ("PyQt5", "PyQt5.QtCore", "PyQt5.QtGui", "PyQt5.QtWidgets"):
    absent(module)
from labelme import LabelFile, utils  # noqa: E402

VALUES = {name: n for n, name in enumerate(CLASSES, 1)}


def painted(file, size):
    """Class numbers of what labelme paints; what it leaves at 0 is ignored."""
    label, _ = utils.shapes_to_label(size, file.shapes, VALUES)
    return np.where(label == 0, IGNORE, label - 1).astype(np.uint8)


def test_labelme_reads(written, table):
    out, truth = written
    for name, ids in truth.items():
        file = LabelFile(str(out / "labelme" / f"{name}.json"))  # it opens the picture, and holds its size to the JSON's
        assert file.image_path == f"{name}.png" and file.image_data
        assert np.array_equal(painted(file, ids.shape), ids), name
    table("labelme", "write", "labelme", len(truth))


def save(folder, name, size, shapes, embed=False):
    """As its window saves it, with the picture inside or beside."""
    image = folder / f"{name}.png"
    Image.fromarray(np.zeros((*size, 3), np.uint8)).save(image)
    data = LabelFile.load_image_file(str(image)) if embed else None
    LabelFile().save(filename=str(folder / f"{name}.json"), shapes=shapes, image_path=image.name, image_height=size[0],
                     image_width=size[1], image_data=data, flags={"seen": True})


def shape(label, points, shape_type, mask=None):
    encoded = None if mask is None else utils.img_arr_to_b64(mask)
    return {"label": label, "points": points, "group_id": None, "shape_type": shape_type, "flags": {}, "description": "",
            "mask": encoded}


def test_labelme_writes_masks(written, tmp_path, table):
    """Crops of bytes and of single bits; a later shape lies over an earlier one."""
    _, truth = written
    for n, (name, ids) in enumerate(truth.items()):
        shapes = []
        for c in range(len(CLASSES)):
            ys, xs = np.nonzero(ids == c)
            if len(ys) == 0:
                continue
            x1, y1, x2, y2 = (int(v) for v in (xs.min(), ys.min(), xs.max(), ys.max()))
            crop = (ids == c)[y1:y2 + 1, x1:x2 + 1]
            shapes.append(shape(CLASSES[c], [[x1, y1], [x2, y2]], "mask", crop if n % 2 else crop.astype(np.uint8)))
        if shapes:
            hidden = shape(CLASSES[-1], shapes[0]["points"], "mask", utils.img_b64_to_arr(shapes[0]["mask"]))
            shapes.insert(0, hidden)
        save(tmp_path, name, ids.shape, shapes, embed=n % 3 == 0)
    (format, masks), = read_back([tmp_path], tmp_path)
    assert format == "labelme"
    agree(masks, truth)
    table("labelme", "read", "labelme", len(truth))


SIZE = (60, 80)
SHAPES = {
    "triangle": shape("road", [[5.5, 4.0], [70.2, 9.9], [33.3, 55.1]], "polygon"),
    "star": shape("sky", [[40, 2], [50, 50], [4, 18], [76, 18], [22, 52]], "polygon"),
    "outside": shape("car", [[-10, -10], [30, 20], [90, 70]], "polygon"),
    "rectangle": shape("car", [[60.4, 40.6], [10.2, 12.7]], "rectangle"),
    "circle": shape("person", [[40, 30], [52.5, 41]], "circle"),
    "turned": shape("tree", [[20, 10], [60, 25], [50, 50], [10, 35]], "oriented_rectangle"),
}


def test_drawn_shapes_differ_at_their_edges_only(tmp_path, table):
    """The pixels in which the studio and labelme differ touch the edge of the shape: within 1 pixel of it."""
    for name, drawn in SHAPES.items():
        save(tmp_path, name, SIZE, [drawn])
    (format, masks), = read_back([tmp_path], tmp_path)
    assert format == "labelme"
    for name in SHAPES:
        theirs = painted(LabelFile(str(tmp_path / f"{name}.json")), SIZE)
        assert (theirs != IGNORE).any()
        padded = np.pad(theirs, 1, mode="edge")
        around = [padded[y:y + SIZE[0], x:x + SIZE[1]] for y in range(3) for x in range(3)]
        at_edge = np.any([a != theirs for a in around], axis=0)
        assert not (masks[name] != theirs)[~at_edge].any(), name
    table("labelme", "read, drawn shapes within 1 pixel of their edges", "labelme", len(SHAPES))
