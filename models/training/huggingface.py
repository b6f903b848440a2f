"""Start from a published SegFormer: the checkpoint files of the Hugging Face Hub, safetensors or bin.

Tensor names are those of this package, so nothing is translated: a file either fits whole or is refused.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

FILES = ("model.safetensors", "pytorch_model.bin")
HEAD = "decode_head."
NOT_OURS = ("classifier.weight", "classifier.bias")  # ImageNet classes on top of an encoder-only checkpoint


def is_huggingface(path: Path) -> bool:
    return path.is_dir() or path.suffix in (".safetensors", ".bin")


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """path: a model folder as downloaded, or the safetensors or bin file itself."""
    if path.is_dir():
        files = [path / name for name in FILES if (path / name).is_file()]
        if not files:
            raise FileNotFoundError(f"{path}: holds neither {' nor '.join(FILES)} (sharded checkpoints are not read)")
        path = files[0]
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(path)
    return torch.load(path, weights_only=True, map_location="cpu")


def load_published(model: nn.Module, path: Path) -> list[str]:
    """Load every tensor of a published checkpoint; returns the names that keep their fresh values.

    Those are the gates of a student, the classifier when the number of classes differs, and the head when the
    checkpoint is an encoder alone (`mit-b0`). Anything else that is missing, left over or of another shape is an error.
    """
    found = {k: v for k, v in read_checkpoint(path).items() if k not in NOT_OURS}
    own = model.state_dict()
    if left := sorted(set(found) - set(own)):
        raise ValueError(f"{path.name}: {len(left)} tensors are not of this SegFormer, such as {left[0]}")
    other = [k for k in found if found[k].shape != own[k].shape]
    if wrong := [k for k in other if not k.startswith("decode_head.classifier.")]:
        raise ValueError(f"{path.name}: {wrong[0]} has shape {list(found[wrong[0]].shape)}, this model's has "
                         f"{list(own[wrong[0]].shape)}: is \"variant\" the checkpoint's?")
    encoder_only = not any(k.startswith(HEAD) for k in found)
    fresh = sorted(set(own) - set(found) | set(other))
    if missing := [k for k in fresh if k not in other and ".gate" not in k and not (encoder_only and k.startswith(HEAD))]:
        raise ValueError(f"{path.name}: lacks {len(missing)} tensors, such as {missing[0]}")
    model.load_state_dict({k: v for k, v in found.items() if k not in other}, strict=False)
    return fresh
