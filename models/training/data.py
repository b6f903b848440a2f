"""Folders of images and index masks, held in memory, and the augmentation that feeds training.

A source is a folder of images and a folder of masks (PNG, a pixel's value is its class id; same path but for the
ending) with a `classes.json` `{"classes": [...], "void": id}` beside or above one of them. Masks that the studio
exported are such a folder as they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

IGNORE = 255
IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")  # what the studio opens
ROTATION = 6.0  # degrees, either way
ASPECT = 0.2  # log range of the horizontal stretch


@dataclass
class Source:
    """One folder in a training config. Paths are relative to the data root given on the command line."""

    images: str
    masks: str
    weight: float = 1.0  # share of the batches, relative to the other sources
    drives: list[str] = field(default_factory=list)  # keep these drives only; empty: all
    partial: bool = False  # images without a mask are left out; else they are an error
    max_height: int = 360  # larger images are reduced to this height, pixels
    weights: str | None = None  # folder of weight maps (8-bit grey PNG, names as the masks): how much each pixel counts
    weight_one: int = 64  # the value of a weight map that means weight 1
    split: str | None = None  # text file: the images to take, a path without ending on each line; default: all


@dataclass
class Frame:
    name: str
    image: Tensor  # uint8 [3, h, w]
    half: Tensor  # uint8 [3, h/2, w/2], so that strong reduction does not alias
    mask: Tensor  # uint8 [h, w], IGNORE where void
    weight: Tensor | None = None  # float32 [h, w], what the cross entropy of each pixel is multiplied by; None: 1


def drive_of(stem: str) -> str:
    """The drive a frame was taken on: the part of its name before the first `_`."""
    return stem.split("_", 1)[0]


def read_classes(*folders: Path) -> tuple[list[str], int]:
    """Class names and void id from the first `classes.json` in one of the folders or up to two levels above."""
    for folder in folders:
        for place in (folder, folder.parent, folder.parent.parent):
            path = place / "classes.json"
            if path.is_file():
                values = json.loads(path.read_text())
                if isinstance(values, dict) and "classes" in values:
                    return list(values["classes"]), int(values.get("void", IGNORE))
    raise FileNotFoundError(f"no classes.json beside or above {' or '.join(str(f) for f in folders)} "
                            "(the first source of a config names the classes)")


def mask_of(image: Path, images: Path, masks: Path) -> Path | None:
    """street/a.jpg has the mask street/a.png or, where another image is called street/a too, street/a.jpg.png."""
    name = image.relative_to(images)
    places = (masks / name.with_suffix(".png"), masks / name.with_name(f"{name.name}.png"))
    return next((p for p in places if p.is_file()), None)


def list_pairs(images: Path, masks: Path, drives: list[str], partial: bool = False) -> list[tuple[Path, Path]]:
    """Image and mask files in order, folders within folders included."""
    pairs = []
    for image in sorted(p for p in images.rglob("*") if p.suffix.lower() in IMAGE_SUFFIXES):
        if drives and drive_of(image.stem) not in drives:
            continue
        mask = mask_of(image, images, masks)
        if mask:
            pairs.append((image, mask))
        elif not partial:
            raise FileNotFoundError(f"image {image.name} has no mask {image.stem}.png (\"partial\": true in the source "
                                    "leaves such images out)")
    if not pairs:
        raise ValueError(f"no images{' with a mask' if partial else ''} in {images}"
                         + (f" for drives {', '.join(drives)}" if drives else ""))
    return pairs


def pairs_of(source: Source, root: Path) -> list[tuple[Path, Path]]:
    """The images of a source that its split names, with their masks. A line that names no image is an error."""
    images = root / source.images
    pairs = list_pairs(images, root / source.masks, source.drives, source.partial or source.split is not None)
    if source.split is None:
        return pairs
    stems = (root / source.split).read_text().splitlines()
    known = {image.relative_to(images).with_suffix("").as_posix(): (image, mask) for image, mask in pairs}
    for stem in stems:
        if stem not in known and not source.drives:
            raise FileNotFoundError(f"split {source.split}: {stem} is no image with a mask in {source.images}")
    if not (named := [known[stem] for stem in stems if stem in known]):
        raise ValueError(f"split {source.split} names no image to use")
    return named


def read_weights(path: Path, one: int) -> np.ndarray:
    """Weights float32 [h, w] of a weight map in which the value `one` is weight 1."""
    if not path.is_file():
        raise FileNotFoundError(f"weight map {path.name} is missing: every mask of a source with weights has one")
    values = np.array(Image.open(path))
    if values.ndim != 2 or values.dtype != np.uint8:
        raise ValueError(f"weight map {path.name}: not 8-bit grey (shape {values.shape}, {values.dtype})")
    return values.astype(np.float32) / one


def read_mask(path: Path, classes: int, void: int) -> np.ndarray:
    """Class ids uint8 [h, w]; void becomes IGNORE, any other id out of range is an error."""
    ids = np.array(Image.open(path))
    if ids.ndim != 2:
        raise ValueError(f"mask {path.name}: not an index mask (shape {ids.shape})")
    bad = (ids >= classes) & (ids != void) & (ids != IGNORE)
    if bad.any():
        raise ValueError(f"mask {path.name}: value {int(ids[bad][0])} is not one of the {classes} classes")
    return np.where((ids == void) | (ids >= classes), IGNORE, ids).astype(np.uint8)


def load_frame(image_path: Path, mask_path: Path, classes: int, void: int, max_height: int | None,
               weights: np.ndarray | None = None) -> Frame:
    image = Image.open(image_path).convert("RGB")
    mask = Image.fromarray(read_mask(mask_path, classes, void))
    weight = None if weights is None else Image.fromarray(weights)
    for part, what in ((mask, "mask"), (weight, "weight map")):
        if part is not None and part.size != image.size:
            raise ValueError(f"{what} {mask_path.name}: {part.size} pixels, its image has {image.size}")
    if max_height and image.height > max_height:
        size = (round(image.width * max_height / image.height), max_height)
        image, mask = image.resize(size, Image.Resampling.BOX), mask.resize(size, Image.Resampling.NEAREST)
        weight = weight and weight.resize(size, Image.Resampling.NEAREST)
    half = image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
    to_chw = lambda im: torch.from_numpy(np.array(im)).permute(2, 0, 1).contiguous()
    return Frame(image_path.stem, to_chw(image), to_chw(half), torch.from_numpy(np.array(mask)),
                 None if weight is None else torch.from_numpy(np.array(weight)))


def without_drives(sources: list[Source], held_out: list[str], root: Path) -> tuple[list[Source], list[Source]]:
    """The sources with the held-out drives taken out, and what was taken out. A drive that no source has is an error."""
    if not held_out:
        return sources, []
    kept, taken, seen = [], [], set()
    for source in sources:
        drives = {drive_of(i.stem) for i, _ in pairs_of(source, root)}
        seen |= drives
        if rest := sorted(drives - set(held_out)):
            kept.append(replace(source, drives=source.drives if rest == sorted(drives) else rest))
        if out := sorted(drives & set(held_out)):
            taken.append(replace(source, drives=out))
    if missing := sorted(set(held_out) - seen):
        raise ValueError(f"held-out drive {', '.join(missing)} is in no source (a drive is a file's name up to the first _)")
    if not kept:
        raise ValueError(f"holding out {', '.join(held_out)} leaves nothing to train on")
    return kept, taken


def load_source(source: Source, root: Path, classes: int, void: int) -> list[Frame]:
    def weights_of(mask: Path) -> np.ndarray | None:
        if source.weights is None:
            return None
        return read_weights(root / source.weights / mask.relative_to(root / source.masks), source.weight_one)

    return [load_frame(i, m, classes, void, source.max_height, weights_of(m)) for i, m in pairs_of(source, root)]


@dataclass
class Augment:
    """Ranges of the random window and of the colour changes."""

    size: tuple[int, int] = (360, 480)  # height, width of what the network sees, pixels
    scale: tuple[float, float] = (0.5, 1.5)  # network pixels per source pixel
    label_stride: int = 2  # labels are sampled on a grid this many times coarser
    colour: float = 1.0  # 0: no colour changes


def window(frame: Frame, augment: Augment, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor | None]:
    """One random view: float32 [3, H, W] in 0..1, int64 labels and float32 weights [H/stride, W/stride]."""
    (out_h, out_w), (_, h, w) = augment.size, frame.image.shape
    s = float(np.exp(rng.uniform(*np.log(augment.scale))))
    stretch = float(np.exp(rng.uniform(-ASPECT, ASPECT)))
    flip = -1.0 if rng.random() < 0.5 else 1.0
    half_w, half_h = out_w / s * stretch / w, out_h / s / h  # window over image, in units of the image
    angle = np.deg2rad(rng.uniform(-ROTATION, ROTATION))
    centre_x, centre_y = (rng.uniform(-1, 1) * abs(1 - half_w), rng.uniform(-1, 1) * abs(1 - half_h))
    cos, sin = np.cos(angle), np.sin(angle)
    theta = torch.tensor([[[flip * half_w * cos, -half_h * sin * h / w, centre_x],
                           [flip * half_w * sin * w / h, half_h * cos, centre_y]]], dtype=torch.float32)
    source = frame.half if s < 0.6 else frame.image
    grid = F.affine_grid(theta, [1, 1, out_h, out_w], align_corners=False)
    image = F.grid_sample(source[None].float().div_(255), grid, mode="bilinear", padding_mode="zeros",
                          align_corners=False)[0]
    grid = F.affine_grid(theta, [1, 1, out_h // augment.label_stride, out_w // augment.label_stride],
                         align_corners=False)
    shifted = (frame.mask.float() - IGNORE)[None, None]  # zero padding then means IGNORE
    labels = F.grid_sample(shifted, grid, mode="nearest", padding_mode="zeros", align_corners=False)[0, 0] + IGNORE
    weights = None if frame.weight is None else F.grid_sample(
        frame.weight[None, None], grid, mode="nearest", padding_mode="zeros", align_corners=False)[0, 0]
    return (jitter(image, augment.colour, rng) if augment.colour else image), labels.round().long(), weights


def jitter(x: Tensor, strength: float, rng: np.random.Generator) -> Tensor:
    """Brightness, contrast, saturation, colour cast, gamma; sometimes blur or noise. x: [3, H, W] in 0..1."""
    u = lambda a: float(rng.uniform(-a, a)) * strength
    cast = torch.tensor([1 + u(0.12) for _ in range(3)]).view(3, 1, 1)
    grey = x.mean(dim=0, keepdim=True)
    saturation = 1 + u(0.6) if rng.random() > 0.05 else 0.0
    x = grey + (x - grey) * saturation
    mean = x.mean()
    x = ((x - mean) * (1 + u(0.4)) + mean) * (1 + u(0.4)) * cast
    if rng.random() < 0.5:
        x = x.clamp(1e-4, 1).pow(float(np.exp(u(0.4))))
    if rng.random() < 0.15:
        x = F.avg_pool2d(x[None], 3, 1, 1)[0]
    if rng.random() < 0.15:
        noise = rng.standard_normal(x.shape, dtype=np.float32)
        x = x + torch.from_numpy(noise) * (0.03 * strength)
    return x.clamp(0, 1)


class Mixture(torch.utils.data.Dataset):
    """Draws batches from several sources in the ratio of their weights.

    Batch `step` depends on the seed and on `step` alone, so a resumed run sees what an uninterrupted one
    would, whatever process makes the batches.
    """

    def __init__(self, sources: list[tuple[Source, list[Frame]]], augment: Augment, size: int, steps: int,
                 seed: int) -> None:
        self.sources, self.augment, self.size, self.steps, self.seed = sources, augment, size, steps, seed
        weights = np.array([s.weight for s, _ in sources])
        self.shares = weights / weights.sum()

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: int) -> tuple[Tensor, Tensor, Tensor | None]:
        """float32 images [B, 3, H, W] in 0..1, int64 labels and float32 weights [B, H/stride, W/stride].

        The weights are None where no picture of the batch has any.
        """
        rng = np.random.default_rng([self.seed, step])
        views = []
        for _ in range(self.size):
            _, frames = self.sources[rng.choice(len(self.sources), p=self.shares)]
            views.append(window(frames[rng.integers(len(frames))], self.augment, rng))
        images, labels, weights = zip(*views)
        if all(w is None for w in weights):
            return torch.stack(images), torch.stack(labels), None
        ones = torch.ones(labels[0].shape)
        return torch.stack(images), torch.stack(labels), torch.stack([ones if w is None else w for w in weights])

    def class_weights(self, classes: int, power: float, cap: float) -> Tensor:
        """(median frequency / frequency)^power, capped, mean 1 over classes; pixels counted over sources."""
        counts = torch.zeros(classes, dtype=torch.float64)
        for share, (_, frames) in zip(self.shares, self.sources):
            own = sum(torch.bincount(f.mask.flatten(), minlength=256)[:classes].double() for f in frames)
            counts += share * own / own.sum()
        present = counts > 0
        weights = torch.ones_like(counts)
        weights[present] = (counts[present].median() / counts[present]).pow(power).clamp(1 / cap, cap)
        return (weights / weights.mean()).float()
