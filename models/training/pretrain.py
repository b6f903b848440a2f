"""Classification pretraining of the encoder on small images (Tiny-ImageNet).

    python -m training.pretrain --data DIR --out DIR [--minutes 20]
"""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .architecture import variant
from .common import JsonlLog, git_commit, normalise, save_atomic, seed_everything
from .optim import Ema, MuonAdamW, cosine_lr
from .segformer import Encoder, init_weights
from .tinyimagenet import load_split, random_crops

CLASSES = 200
WARMUP = 100
SAVE_EVERY = 200


@dataclass
class PretrainConfig:
    variant: str = "b0"
    seed: int = 1
    steps: int = 4000
    batch: int = 128
    lr: float = 2e-3
    weight_decay: float = 0.05
    label_smoothing: float = 0.1
    ema: float = 0.998
    small_size: int = 48
    small_share: float = 0.6
    min_scale: float = 0.5
    muon: bool = True


class Classifier(nn.Module):
    """Encoder, mean over the last stage, linear layer."""

    def __init__(self, name: str) -> None:
        super().__init__()
        config = variant(name, drop_path_rate=0.0)
        self.encoder = Encoder(config)
        self.apply(init_weights)
        self.classifier = nn.Linear(config.hidden_sizes[-1], CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.encoder(x)[-1].mean(dim=(1, 2)))


@torch.no_grad()
def accuracy(model: Classifier, state: dict, images: Tensor, labels: Tensor) -> float:
    own = {k: v.clone() for k, v in model.state_dict().items()}
    model.load_state_dict(state)
    model.eval()
    hits = 0
    for i in range(0, len(labels), 250):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = model(normalise(images[i:i + 250].float() / 255))
        hits += int((out.argmax(1) == labels[i:i + 250]).sum())
    model.load_state_dict(own)
    model.train()
    return hits / len(labels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    for name, value in asdict(PretrainConfig()).items():
        kind = (lambda s: s == "true") if isinstance(value, bool) else type(value)
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=value)
    args = vars(parser.parse_args())
    data, out = args.pop("data"), args.pop("out")
    train(PretrainConfig(**args), data, out)


def train(config: PretrainConfig, data: Path, out: Path) -> None:
    generator = seed_everything(config.seed)
    log = JsonlLog(out / "curve.jsonl")
    log.write(event="start", config=asdict(config), commit=git_commit())
    images, labels = load_split(data, "train_50k")
    val_images, val_labels = load_split(data, "val_10k")
    val_images, val_labels = val_images[:2000], val_labels[:2000]
    model = Classifier(config.variant).train().to(memory_format=torch.channels_last)
    optimizer = MuonAdamW(model, config.lr, config.weight_decay, config.muon)
    ema = Ema(model, config.ema)
    step, order = 0, torch.empty(0, dtype=torch.long)
    if (out / "last.pt").exists():
        saved = torch.load(out / "last.pt", weights_only=False)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        ema.state, step, order = saved["ema"], saved["step"], saved["order"]
        generator.set_state(saved["generator"])
    log.write(event="loaded", images=len(labels), step=step)
    running, began = 0.0, time.time()
    while step < config.steps:
        if len(order) < config.batch:
            order = torch.randperm(len(labels), generator=generator)
        pick, order = order[:config.batch], order[config.batch:]
        size = config.small_size if step < config.small_share * config.steps else 64
        x = normalise(random_crops(images[pick], size, config.min_scale, generator))
        optimizer.set_lr(cosine_lr(step, config.steps, config.lr, WARMUP))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(x)
        loss = F.cross_entropy(logits.float(), labels[pick], label_smoothing=config.label_smoothing)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ema.update(model, step)
        running += loss.item()
        step += 1
        if step % 50 == 0:
            log.write(step=step, loss=round(running / 50, 4), seconds_per_step=round((time.time() - began) / 50, 3))
            running, began = 0.0, time.time()
        if step % SAVE_EVERY == 0 or step == config.steps:
            save_atomic({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "ema": ema.state,
                         "step": step, "order": order, "generator": generator.get_state(),
                         "config": asdict(config)}, out / "last.pt")
        if step % (2 * SAVE_EVERY) == 0 or step == config.steps:
            log.write(step=step, top1=accuracy(model, ema.state, val_images, val_labels))
            began = time.time()
    encoder = {k.removeprefix("encoder."): v for k, v in ema.state.items() if k.startswith("encoder.")}
    save_atomic({"encoder": encoder, "config": asdict(config), "commit": git_commit()}, out / "encoder.pt")


if __name__ == "__main__":
    main()
