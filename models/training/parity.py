"""Compare a checkpoint in PyTorch with its exported file in onnxruntime, image by image.

    python -m training.parity --checkpoint RUN/last.pt --model MODEL_FOLDER --images DIR --masks DIR [--drive D]

Exit status 1 when a logit differs by more than the tolerance. A gate whose k-th and next value differ by less
than rounding may keep another neuron; such images are counted apart.
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
from .evaluate import class_map, load_eval_frames, onnx_runner
from .gating import DynaSegformer
from .train import load_model

TOLERANCE = 1e-3  # logits


def compare(checkpoint: Path, folder: Path, images: Path, masks: Path, drives: list[str], limit: int) -> dict:
    names, void = read_classes(images)
    frames = load_eval_frames(Source(str(images), str(masks), drives=drives), Path(), len(names), void)[:limit]
    model, _ = load_model(checkpoint)
    card = json.loads((folder / "card.json").read_text())
    if isinstance(model, DynaSegformer):
        model.set_keep_ratio(card["keepRatio"])
    model, run = deploy(model), onnx_runner(folder)
    worst, labels = [], 0
    for frame in frames:
        x = normalise(frame.image[None].float() / 255)
        with torch.no_grad():
            expected = model(x)
        got = run(x)
        worst.append((got - expected).abs().max().item())
        size = tuple(frame.mask.shape)
        labels += int((class_map(got, size) != class_map(expected, size)).sum())
    return {"model": folder.name, "images": len(frames), "max_difference": max(worst),
            "median_difference": float(np.median(worst)), "images_over_tolerance": sum(w > TOLERANCE for w in worst),
            "labels_changed": labels, "pixels": sum(f.mask.numel() for f in frames)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--masks", type=Path, required=True)
    parser.add_argument("--drive", action="append", default=[])
    parser.add_argument("--limit", type=int, default=20)
    args = parser.parse_args()
    result = compare(args.checkpoint, args.model, args.images, args.masks, args.drive, args.limit)
    print(json.dumps(result))
    sys.exit(1 if result["images_over_tolerance"] else 0)


if __name__ == "__main__":
    main()
