"""The figures of an evaluation against scikit-learn, torchmetrics, SciPy and the definitions written down again."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
metrics = pytest.importorskip("sklearn.metrics")
ndimage = pytest.importorskip("scipy.ndimage")
special = pytest.importorskip("scipy.special")
torchmetrics = pytest.importorskip("torchmetrics.functional.classification")

ROOT = Path(__file__).resolve().parent.parent
SEED = 20250301
CLOSE = 1e-9
IGNORE = 255
UNASSIGNED = 200  # a prediction that is no class
BINS = 15
SQUARE = np.ones((3, 3), dtype=bool)


def blobs(random, height, width, classes):
    """Regions as a segmentation has them, not noise."""
    fields = [ndimage.gaussian_filter(random.normal(size=(height, width)), 3) for _ in range(classes)]
    return np.argmax(fields, axis=0)


def make_case(random, width, height, classes, boundary_width, *, ignored=0.0, unassigned=0.0, absent=()):
    truth = blobs(random, height, width, classes)
    predicted = np.where(random.random((height, width)) < 0.7, truth, blobs(random, height, width, classes))
    for gone in absent:
        truth[truth == gone] = (gone + 1) % classes
        predicted[predicted == gone] = (gone + 1) % classes
    truth[random.random((height, width)) < ignored] = IGNORE
    predicted[random.random((height, width)) < unassigned] = UNASSIGNED
    logits = random.normal(size=(2, classes, height, width)).astype(np.float32) * 3
    return {
        "width": width,
        "height": height,
        "classes": classes,
        "ignoreId": IGNORE,
        "boundaryWidth": boundary_width,
        "truth": truth.ravel().tolist(),
        "predicted": predicted.ravel().tolist(),
        "probability": random.integers(0, 256, size=width * height).tolist(),
        "teacher": logits[0].ravel().tolist(),
        "student": logits[1].ravel().tolist(),
    }


def all_cases():
    random = np.random.default_rng(SEED)
    return [
        make_case(random, 64, 48, 5, 1),
        make_case(random, 61, 47, 5, 3, ignored=0.05),
        make_case(random, 50, 40, 7, 2, absent=(2, 6)),
        make_case(random, 40, 50, 11, 5, ignored=0.1, unassigned=0.03, absent=(0,)),
        make_case(random, 9, 7, 3, 4, ignored=0.3),
    ]


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    cases = all_cases()
    file = tmp_path_factory.mktemp("metrics") / "cases.json"
    file.write_text(json.dumps(cases))
    command = ["node", "--import", "tsx", "conformance/metricsCases.ts", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return list(zip(cases, json.loads(done.stdout)))


def pixels(case):
    """Counted pixels, and both maps whole."""
    shape = (case["height"], case["width"])
    truth = np.array(case["truth"]).reshape(shape)
    predicted = np.array(case["predicted"]).reshape(shape)
    return truth, predicted, truth != IGNORE


def assert_same(ours, theirs):
    """None of ours is NaN of theirs."""
    ours = np.array([np.nan if value is None else value for value in ours], dtype=float)
    np.testing.assert_allclose(ours, np.asarray(theirs, dtype=float), rtol=0, atol=CLOSE, equal_nan=True)


def test_confusion_precision_recall_and_f1_are_those_of_scikit_learn(measured):
    for case, ours in measured:
        truth, predicted, counted = pixels(case)
        classes = case["classes"]
        labels = [*range(classes), UNASSIGNED]
        theirs = metrics.confusion_matrix(truth[counted], predicted[counted], labels=labels)[:classes]
        assert ours["confusion"] == theirs.ravel().tolist()
        for key, normalise in (("byRows", "true"), ("byColumns", "pred")):
            shares = metrics.confusion_matrix(truth[counted], predicted[counted], labels=labels, normalize=normalise)
            assert_same(ours[key], shares[:classes].ravel())
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(
            truth[counted], predicted[counted], labels=range(classes), zero_division=np.nan
        )
        assert_same(ours["precision"], precision)
        assert_same(ours["recall"], recall)
        present = [i for i in range(classes) if ours["f1"][i] is not None]
        assert_same([ours["f1"][i] for i in present], np.nan_to_num(f1)[present])
        assert_same([ours["accuracy"]], [metrics.accuracy_score(truth[counted], predicted[counted])])


def test_iou_is_that_of_torchmetrics(measured):
    for case, ours in measured:
        truth, predicted, counted = pixels(case)
        classes = case["classes"]
        if (predicted == UNASSIGNED).any():
            continue  # it takes classes alone
        theirs = torchmetrics.multiclass_jaccard_index(
            torch.tensor(predicted),
            torch.tensor(np.where(counted, truth, IGNORE)),
            num_classes=classes,
            ignore_index=IGNORE,
            average="none",
        ).double()
        present = [i for i in range(classes) if ours["iou"][i] is not None]
        # It computes in float32.
        np.testing.assert_allclose([ours["iou"][i] for i in present], theirs[present], rtol=0, atol=1e-7)
        assert [i for i in range(classes) if not ((truth == i) & counted).any() and not ((predicted == i) & counted).any()] == [
            i for i in range(classes) if ours["iou"][i] is None
        ]


def test_iou_is_that_of_scikit_learn(measured):
    for case, ours in measured:
        truth, predicted, counted = pixels(case)
        classes = case["classes"]
        theirs = metrics.jaccard_score(
            truth[counted], predicted[counted], labels=range(classes), average=None, zero_division=0
        )
        present = [i for i in range(classes) if ours["iou"][i] is not None]
        assert_same([ours["iou"][i] for i in present], theirs[present])
        assert_same([ours["miou"]], [np.mean(theirs[present])])
        support = np.array([(truth[counted] == i).sum() for i in range(classes)])
        assert_same([ours["frequencyWeighted"]], [(theirs * support).sum() / support.sum()])


def boundary(mask, width):
    """mask_to_boundary of the authors' code: the mask less its erosion; outside the picture is background."""
    return mask & ~ndimage.binary_erosion(mask, SQUARE, iterations=width, border_value=0)


def border(mask, counted):
    """Mask pixels with a counted pixel of something else among their eight neighbours."""
    other = counted & ~mask
    return mask & ndimage.binary_dilation(other, SQUARE)


def near(own, other, width):
    if not own.any():
        return 0
    if not other.any():
        return 0
    return int((ndimage.distance_transform_edt(~other)[own] <= width).sum())


def test_boundary_iou_and_boundary_f_are_their_definitions(measured):
    for case, ours in measured:
        truth, predicted, counted = pixels(case)
        width = case["boundaryWidth"]
        iou, score = [], []
        for i in range(case["classes"]):
            a, b = (truth == i) & counted, (predicted == i) & counted
            band_a, band_b = boundary(a, width), boundary(b, width)
            union = (band_a | band_b).sum()
            iou.append(np.nan if union == 0 else (band_a & band_b).sum() / union)
            line_a, line_b = border(a, counted), border(b, counted)
            if not line_a.any() and not line_b.any():
                score.append(np.nan)
                continue
            precision = near(line_b, line_a, width) / max(1, line_b.sum())
            recall = near(line_a, line_b, width) / max(1, line_a.sum())
            score.append(0 if precision + recall == 0 else 2 * precision * recall / (precision + recall))
        assert_same(ours["boundaryIou"], iou)
        assert_same(ours["boundaryF"], score)


def test_calibration_error_is_its_definition(measured):
    for case, ours in measured:
        truth, predicted, counted = pixels(case)
        level = np.array(case["probability"]).reshape(truth.shape)[counted]
        right = (truth == predicted)[counted]
        # In whole numbers, so that a confidence on the edge of a bin is on the same side.
        bins = np.minimum(level * BINS // 255, BINS - 1)
        error = sum(
            (bins == b).mean() * abs(right[bins == b].mean() - level[bins == b].mean() / 255)
            for b in range(BINS)
            if (bins == b).any()
        )
        assert_same([ours["calibration"]], [error])


def test_divergence_is_that_of_scipy(measured):
    for case, ours in measured:
        shape = (case["classes"], -1)
        teacher, student = (
            special.softmax(np.array(case[name], dtype=np.float32).astype(np.float64).reshape(shape), axis=0)
            for name in ("teacher", "student")
        )
        assert_same([ours["divergence"]], [special.rel_entr(teacher, student).sum(axis=0).mean()])
