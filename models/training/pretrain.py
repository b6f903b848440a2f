"""Classification pretraining of the encoder on small images (Tiny-ImageNet).

    python -m training.pretrain --data DIR --out DIR [--steps 4000] [--minutes 20]

The run resumes from DIR/last.pt when it exists; DIR/encoder.pt is what `training.train --init` takes.
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
from .common import JsonlLog, default_device, git_commit, normalise, save_atomic, seed_everything
from .parallel import Peers
from .optim import Ema, MuonAdamW, cosine_lr
from .segformer import Encoder, init_weights
from .tinyimagenet import SIDE, load_split, random_crops

CLASSES = 200
WARMUP = 100
LOG_EVERY = 50
SAVE_EVERY = 200
HELD_OUT = 2000  # of the archive's validation images; the others are trained on


@dataclass
class PretrainConfig:
    variant: str = "b0"
    seed: int = 1
    steps: int = 4000
    minutes: float = 0.0  # when > 0 the schedule also ends after this much training time
    batch: int = 128  # per process
    lr: float = 2e-3
    weight_decay: float = 0.05
    label_smoothing: float = 0.1
    ema: float = 0.998
    small_size: int = 48
    small_share: float = 0.6
    min_scale: float = 0.5
    muon: bool = True
    cutmix: float = 0.0  # share of the steps whose images are cut together in pairs


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
def accuracy(name: str, state: dict, images: Tensor, labels: Tensor, device: torch.device) -> float:
    """Top-1 of the weights `state` on uint8 images [N, 3, 64, 64]."""
    model = Classifier(name).to(device).eval()
    model.load_state_dict(state)
    hits = 0
    for i in range(0, len(labels), 250):
        with torch.autocast(device.type, dtype=torch.bfloat16):
            out = model(normalise(images[i:i + 250].to(device).float() / 255))
        hits += int((out.argmax(1).cpu() == labels[i:i + 250]).sum())
    return hits / len(labels)


def cutmix(images: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, float]:
    """Pastes one window of every image into another of the batch (Yun et al. 2019, CutMix, alpha 1).

    images: [B, 3, H, W]; labels: [B]. Returns the images, the labels of what was pasted, and the share of the area
    that is still the image's own (0 to 1).
    """
    height, width = images.shape[-2:]
    side = (1 - torch.rand((), generator=generator)).sqrt()
    rows, columns = round(float(side) * height), round(float(side) * width)
    top = int(torch.randint(height - rows + 1, (), generator=generator))
    left = int(torch.randint(width - columns + 1, (), generator=generator))
    other = torch.randperm(len(images), generator=generator)
    mixed = images.clone()
    window = (..., slice(top, top + rows), slice(left, left + columns))
    mixed[window] = images[other][window]
    return mixed, labels[other], 1 - rows * columns / (height * width)


class Order:
    """Walks through shuffled epochs; its state is part of a checkpoint."""

    def __init__(self, count: int, generator: torch.Generator) -> None:
        self.count, self.generator, self.left = count, generator, torch.empty(0, dtype=torch.long)

    def next(self, batch: int) -> Tensor:
        if len(self.left) < batch:
            self.left = torch.randperm(self.count, generator=self.generator)
        pick, self.left = self.left[:batch], self.left[batch:]
        return pick


def train(config: PretrainConfig, data: Path, out: Path) -> None:
    peers, device = Peers(), default_device()
    generator = seed_everything(config.seed + peers.rank)
    log = JsonlLog(out / "curve.jsonl", silent=peers.rank > 0)
    log.write(event="start", config=asdict(config), commit=git_commit(), processes=peers.count, device=str(device))
    train_split, val_split = load_split(data, "train_50k"), load_split(data, "val_10k")
    images, labels = (torch.cat([t, v[HELD_OUT:]]) for t, v in zip(train_split, val_split))
    val_images, val_labels = (v[:HELD_OUT] for v in val_split)
    model = Classifier(config.variant).train().to(device, memory_format=torch.channels_last)
    peers.same_start(model)
    optimizer = MuonAdamW(model, config.lr, config.weight_decay, config.muon)
    ema = Ema(model, config.ema)
    order = Order(len(labels), generator)
    step, spent = 0, 0.0
    if (out / "last.pt").exists():
        saved = torch.load(out / "last.pt", weights_only=False, map_location=device)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        ema.state, step, spent = saved["ema"], saved["step"], saved["spent"]
        order.left = saved["order"].cpu()
        generator.set_state(saved["generator"].cpu())

    def checkpoint() -> None:
        if peers.rank:
            return
        save_atomic({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "ema": ema.state,
                     "step": step, "spent": spent, "order": order.left, "generator": generator.get_state(),
                     "config": asdict(config)}, out / "last.pt")
        log.write(step=step, minutes=round(spent / 60, 2),
                  top1=accuracy(config.variant, ema.state, val_images, val_labels, device))

    log.write(event="loaded", images=len(labels), step=step)
    running = 0.0
    while step < config.steps:
        began = time.time()
        spent = peers.agree(spent)
        progress = max(step / config.steps, spent / 60 / config.minutes if config.minutes else 0.0)
        if progress >= 1:
            break
        pick = order.next(config.batch)
        size = config.small_size if progress < config.small_share else SIDE
        x, target = random_crops(images[pick], size, config.min_scale, generator), labels[pick]
        pasted, own = target, 1.0
        if config.cutmix > 0 and float(torch.rand((), generator=generator)) < config.cutmix:
            x, pasted, own = cutmix(x, target, generator)
        lr = cosine_lr(round(progress * config.steps), config.steps, config.lr, 0)
        optimizer.set_lr(lr * min(1.0, (step + 1) / WARMUP))
        with torch.autocast(device.type, dtype=torch.bfloat16):
            logits = model(normalise(x.to(device))).float()
        loss = own * F.cross_entropy(logits, target.to(device), label_smoothing=config.label_smoothing)
        if own < 1:
            loss = loss + (1 - own) * F.cross_entropy(logits, pasted.to(device), label_smoothing=config.label_smoothing)
        optimizer.zero_grad()
        loss.backward()
        peers.average_gradients(model)
        optimizer.step()
        ema.update(model, step)
        running += loss.item()
        step += 1
        spent += time.time() - began
        if step % LOG_EVERY == 0:
            log.write(step=step, minutes=round(spent / 60, 2), lr=float(f"{lr:.3g}"),
                      loss=round(running / LOG_EVERY, 4))
            running = 0.0
        if step % SAVE_EVERY == 0:
            checkpoint()
    checkpoint()
    if peers.rank == 0:
        encoder = {k.removeprefix("encoder."): v for k, v in ema.state.items() if k.startswith("encoder.")}
        save_atomic({"encoder": encoder, "config": asdict(config), "commit": git_commit()}, out / "encoder.pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    for name, value in asdict(PretrainConfig()).items():
        kind = (lambda s: s == "true") if isinstance(value, bool) else type(value)
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=value)
    args = vars(parser.parse_args())
    data, out = args.pop("data"), args.pop("out")
    train(PretrainConfig(**args), data, out)


if __name__ == "__main__":
    main()
