"""Compare an exported file in onnxruntime with PyTorch, image by image.

    python -m training.parity --model MODEL_FOLDER --images DIR --masks DIR [--checkpoint RUN/last.pt] [--drive D]

PyTorch runs the checkpoint, or, without one, the weights read back from the file. Exit status 1 when a logit differs
by more than 1e-3 or when fewer than 99.9% of the pixels agree. A gate whose k-th and next value differ by less than
rounding may keep another neuron; such images are over the tolerance and counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

from .common import normalise
from .data import Source, read_classes
from .deploy import deploy
from .evaluate import as_preprocessed, class_map, load_eval_frames, onnx_runner
from .gating import DynaSegformer
from .onnx_weights import load_exported
from .segformer import Segformer
from .train import load_model

TOLERANCE = 1e-3  # logits
AGREEMENT = 0.999  # share of the pixels


def torch_model(checkpoint: Path | None, folder: Path) -> Segformer:
    """The deployed model of a checkpoint at the folder's keep ratio, or of the exported file itself."""
    if checkpoint is None:
        return load_exported(folder)
    model, _ = load_model(checkpoint)
    if isinstance(model, DynaSegformer):
        model.set_keep_ratio(json.loads((folder / "card.json").read_text())["keepRatio"])
    return deploy(model)


def compare(folder: Path, images: Path, masks: Path, drives: list[str], limit: int, checkpoint: Path | None = None
            ) -> dict:
    names, void = read_classes(images, masks)
    frames = load_eval_frames(Source(str(images), str(masks), drives=drives), Path(), len(names), void)[:limit]
    model, run = torch_model(checkpoint, folder), onnx_runner(folder)
    worst, changed, pixels = [], 0, 0
    for frame in frames:
        x = normalise(as_preprocessed(frame.image, folder)[None].float() / 255)
        with torch.no_grad():
            expected = model(x)
        got = run(x)
        worst.append((got - expected).abs().max().item())
        size = tuple(frame.mask.shape)
        changed += int((class_map(got, size) != class_map(expected, size)).sum())
        pixels += frame.mask.numel()
    return {"model": folder.name, "images": len(frames), "max_difference": max(worst),
            "median_difference": float(np.median(worst)), "images_over_tolerance": sum(w > TOLERANCE for w in worst),
            "agreement": 1 - changed / pixels}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--masks", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--drive", action="append", default=[])
    parser.add_argument("--limit", type=int, default=50)
    args = parser.parse_args()
    result = compare(args.model, args.images, args.masks, args.drive, args.limit, args.checkpoint)
    print(json.dumps(result))
    sys.exit(1 if result["images_over_tolerance"] or result["agreement"] < AGREEMENT else 0)


if __name__ == "__main__":
    main()
