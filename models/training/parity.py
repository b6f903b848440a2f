"""Compare an exported file in onnxruntime with PyTorch, image by image.

    python -m training.parity --model MODEL_FOLDER --images DIR --masks DIR [--checkpoint RUN/last.pt] [--drive D]

PyTorch runs the checkpoint, or, without one, the weights read back from the file. Choosing the k highest gate values
is discontinuous: where the k-th and the next differ by rounding alone, the two runtimes may keep different neurons, and
both are right. So PyTorch is given the neurons that onnxruntime kept, and how far its own gate values speak against them
is measured (`tie`). Exit status 1 when a logit differs by more than 1e-3, a tie is wider than 1e-4, or fewer than 99.9%
of the pixels agree with PyTorch left to choose by itself.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import numpy as np
import torch
from torch import Tensor

from .common import normalise
from .data import Source, read_classes
from .deploy import deploy
from .evaluate import as_preprocessed, class_map, load_eval_frames, onnx_session
from .gating import DynaSegformer
from .onnx_weights import load_exported
from .segformer import Segformer
from .train import load_model

TOLERANCE = 1e-3  # logits
TIE = 1e-4  # gate values; they lie around 1
AGREEMENT = 0.999  # share of the pixels


def torch_model(checkpoint: Path | None, folder: Path) -> Segformer:
    """The deployed model of a checkpoint at the folder's keep ratio, or of the exported file itself."""
    if checkpoint is None:
        return load_exported(folder)
    model, _ = load_model(checkpoint)
    if isinstance(model, DynaSegformer):
        model.set_keep_ratio(json.loads((folder / "card.json").read_text())["keepRatio"])
    return deploy(model)


@contextmanager
def keeping(model: Segformer, kept: dict[str, np.ndarray]) -> Iterator[list[float]]:
    """Gates keep the neurons of `kept` (indices by gate name). Yields how much the best neuron dropped was above the
    worst one kept, one value per gate that ran; negative where the gate would have chosen the same."""
    above: list[float] = []

    def top(scores: Tensor, name: str, groups: int) -> Tensor:
        mask = torch.zeros_like(scores).index_fill_(1, torch.from_numpy(kept[name]), 1.0)
        grouped, chosen = scores.unflatten(1, (groups, -1)), mask.unflatten(1, (groups, -1)) > 0
        dropped = grouped.masked_fill(chosen, -torch.inf).amax(-1)
        above.append((dropped - grouped.masked_fill(~chosen, torch.inf).amin(-1)).max().item())
        return mask

    gates = model.gates() if isinstance(model, DynaSegformer) else []
    for gate in gates:
        gate.top = lambda scores, gate=gate: top(scores, gate.name, gate.groups)
    try:
        yield above
    finally:
        for gate in gates:
            del gate.top


@torch.no_grad()
def compare(folder: Path, images: Path, masks: Path, drives: list[str], limit: int, checkpoint: Path | None = None
            ) -> dict:
    names, void = read_classes(images, masks)
    frames = load_eval_frames(Source(str(images), str(masks), drives=drives), Path(), len(names), void)[:limit]
    model, session = torch_model(checkpoint, folder), onnx_session(folder)
    outputs = [o.name for o in session.get_outputs()]
    worst, ties, changed, pixels = [], [], 0, 0
    for frame in frames:
        x = normalise(as_preprocessed(frame.image, folder)[None].float() / 255)
        found = dict(zip(outputs, session.run(None, {"pixel_values": x.contiguous().numpy()})))
        got = torch.from_numpy(found.pop("logits"))
        with keeping(model, found) as above:
            worst.append((got - model(x)).abs().max().item())
        ties.append(max(above, default=-1.0))
        size = tuple(frame.mask.shape)
        changed += int((class_map(got, size) != class_map(model(x), size)).sum())
        pixels += frame.mask.numel()
    return {"model": folder.name, "images": len(frames), "max_difference": max(worst),
            "images_with_ties": sum(t >= 0 for t in ties), "widest_tie": max(0.0, *ties),
            "agreement": 1 - changed / pixels}


def agrees(result: dict) -> bool:
    return (result["max_difference"] <= TOLERANCE and result["widest_tie"] <= TIE
            and result["agreement"] >= AGREEMENT)


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
    sys.exit(0 if agrees(result) else 1)


if __name__ == "__main__":
    main()
