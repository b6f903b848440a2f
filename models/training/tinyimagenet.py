"""Reader for a Tiny-ImageNet archive: JPEGs laid end to end, and an index of offset, length, class."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

SIDE = 64


def load_split(root: Path, split: str) -> tuple[Tensor, Tensor]:
    """`split` is the file stem, e.g. "train_50k". Returns uint8 [N, 3, 64, 64] and int64 labels [N]."""
    blob = (root / f"{split}.bin").read_bytes()
    index = np.load(root / f"{split}_index.npy")
    images = np.empty((len(index), SIDE, SIDE, 3), dtype=np.uint8)
    for row, (offset, length, _) in enumerate(index):
        images[row] = np.asarray(Image.open(io.BytesIO(blob[offset:offset + length])).convert("RGB"))
    return torch.from_numpy(images).permute(0, 3, 1, 2), torch.from_numpy(index[:, 2].copy())


def random_crops(images: Tensor, size: int, min_scale: float, generator: torch.Generator) -> Tensor:
    """Random window (side `min_scale` to 1, aspect 3/4 to 4/3), flip, brightness and contrast.

    images: uint8 [B, 3, 64, 64]. Returns float32 [B, 3, size, size] in 0..1.
    """
    b = images.shape[0]
    rand = lambda: torch.rand(b, generator=generator)
    side = min_scale + (1 - min_scale) * rand()
    aspect = torch.exp((rand() - 0.5) * 0.57)
    sx, sy = (side * aspect.sqrt()).clamp(max=1), (side / aspect.sqrt()).clamp(max=1)
    theta = torch.zeros(b, 2, 3)
    theta[:, 0, 0] = sx * torch.where(rand() < 0.5, -1.0, 1.0)
    theta[:, 1, 1] = sy
    theta[:, 0, 2] = (rand() * 2 - 1) * (1 - sx)
    theta[:, 1, 2] = (rand() * 2 - 1) * (1 - sy)
    grid = F.affine_grid(theta, [b, 3, size, size], align_corners=False)
    x = F.grid_sample(images.float() / 255, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    gain = 1 + (rand() - 0.5) * 0.6
    contrast = 1 + (rand() - 0.5) * 0.6
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    return ((x - mean) * contrast.view(b, 1, 1, 1) + mean) * gain.view(b, 1, 1, 1)
