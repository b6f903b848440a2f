"""Seeds, configs, logs and checkpoints: the parts every command shares."""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch

IMAGE_MEAN = (0.485, 0.456, 0.406)
IMAGE_STD = (0.229, 0.224, 0.225)
T = TypeVar("T")


def normalise(images: torch.Tensor) -> torch.Tensor:
    """Float images [B, 3, H, W] in 0..1 to what the network sees, channels-last in memory."""
    mean = torch.tensor(IMAGE_MEAN, device=images.device).view(1, 3, 1, 1)
    std = torch.tensor(IMAGE_STD, device=images.device).view(1, 3, 1, 1)
    return ((images - mean) / std).contiguous(memory_format=torch.channels_last)


def default_device() -> torch.device:
    """The first CUDA device where there is one (of this process, under `torchrun`), else the CPU."""
    if not torch.cuda.is_available():
        return torch.device("cpu")
    return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))


def seed_everything(seed: int) -> torch.Generator:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


def strict_config(cls: type[T], values: dict[str, Any]) -> T:
    """Build a dataclass from a dictionary; unknown keys are an error that names them."""
    known = {f.name for f in fields(cls)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - known)
    if unknown:
        raise ValueError(f"unknown config keys: {', '.join(unknown)} (known: {', '.join(sorted(known))})")
    return cls(**values)


def git_commit() -> str:
    """The commit of this code, with "+" when files of this package differ from it."""
    here = Path(__file__).parent
    try:
        head = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=here, capture_output=True,
                              text=True, check=True).stdout.strip()
        dirty = subprocess.run(["git", "status", "--porcelain", "--", "."], cwd=here, capture_output=True,
                               text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head + ("+" if dirty else "")


class JsonlLog:
    """Appends one JSON object per line, and prints it."""

    def __init__(self, path: Path, silent: bool = False) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.start, self.silent = path, time.time(), silent

    def write(self, **record: Any) -> None:
        if self.silent:
            return
        record = {"seconds": round(time.time() - self.start, 1), **record}
        line = json.dumps(record)
        print(line, flush=True)
        with self.path.open("a") as f:
            f.write(line + "\n")


def save_atomic(obj: Any, path: Path) -> None:
    """Write a checkpoint so that a killed run leaves the previous one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(path.suffix + ".part")
    torch.save(obj, part)
    os.replace(part, path)
