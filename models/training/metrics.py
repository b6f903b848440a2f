"""Confusion matrix and what is read off it."""

from __future__ import annotations

import numpy as np

from .data import IGNORE


def confusion(truth: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """int64 [classes, classes], rows truth, columns prediction; truth IGNORE is left out."""
    valid = truth != IGNORE
    index = truth[valid].astype(np.int64) * classes + predicted[valid].astype(np.int64)
    return np.bincount(index, minlength=classes * classes).reshape(classes, classes)


def iou(matrix: np.ndarray) -> np.ndarray:
    """Intersection over union per class; NaN for a class that neither truth nor prediction holds."""
    hit = np.diag(matrix).astype(np.float64)
    union = matrix.sum(0) + matrix.sum(1) - hit
    return np.where(union > 0, hit / np.maximum(union, 1), np.nan)


def summary(matrix: np.ndarray, classes: list[str]) -> dict:
    per_class = iou(matrix)
    return {
        "miou": float(np.nanmean(per_class)),
        "pixel_accuracy": float(np.diag(matrix).sum() / max(1, matrix.sum())),
        "iou": {name: (None if np.isnan(v) else float(v)) for name, v in zip(classes, per_class)},
    }
