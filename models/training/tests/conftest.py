"""Small models and synthetic data shared by the tests."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from training.gating import GatingConfig, build_model

TINY = {"variant": "b0", "num_labels": 3, "hidden_sizes": (16, 32, 64, 96), "depths": (1, 1, 1, 1),
        "num_attention_heads": (1, 2, 2, 3), "decoder_hidden_size": 32}


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)


@pytest.fixture
def data_root() -> Path:
    """The real data: $DYNASEG_DATA, or ../shared/data beside the repository."""
    root = Path(os.environ.get("DYNASEG_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
    if not (root / "camvid" / "classes.json").is_file():
        pytest.skip(f"no data: set DYNASEG_DATA to the folder that holds camvid/ (looked in {root.name}/)")
    return root


@pytest.fixture
def toy_root(tmp_path: Path) -> Path:
    """Four 64x48 images in which a class is a colour; one pixel row is void (id 3)."""
    rng = np.random.default_rng(0)
    root = tmp_path / "toy"
    for part in ("images", "masks"):
        (root / part).mkdir(parents=True)
    for i in range(4):
        mask = np.kron(rng.integers(0, 3, (6, 8)), np.ones((8, 8))).astype(np.uint8)
        image = (np.eye(3)[mask] * 200 + rng.integers(0, 40, (48, 64, 3))).astype(np.uint8)
        mask[0] = 3
        drive = "A" if i < 3 else "B"
        Image.fromarray(image).save(root / "images" / f"{drive}_{i}.png")
        Image.fromarray(mask).save(root / "masks" / f"{drive}_{i}.png")
    (root / "classes.json").write_text(json.dumps({"classes": ["red", "green", "blue"], "void": 3}))
    return root


def shake(model: torch.nn.Module) -> torch.nn.Module:
    """Give biases, norms, running statistics and gates values that a trained model could have."""
    for name, p in model.named_parameters():
        with torch.no_grad():
            p.add_(0.05 * torch.randn_like(p))
    for name, b in model.named_buffers():
        if name.endswith("running_mean"):
            b.normal_(0, 0.1)
        if name.endswith("running_var"):
            b.uniform_(0.5, 1.5)
    return model.eval()


def tiny_student(keep: float = 0.7) -> torch.nn.Module:
    model = shake(build_model(TINY, GatingConfig(keep)))
    for gate in model.gates():
        torch.nn.init.normal_(gate.fc2.weight, std=0.5)
    return model


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]
