"""Train a teacher, or distil a dynamically pruned student from one.

    python -m training.train --config CONFIG.json --data ROOT --out DIR

The run resumes from DIR/last.pt when it exists. DIR/curve.jsonl holds the config, seed, commit and curve.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Callable, Iterator

import torch
from torch import Tensor, nn

from .closed_form import calibrate
from .common import JsonlLog, default_device, git_commit, normalise, save_atomic, seed_everything, strict_config
from .data import Augment, Mixture, Source, load_source, read_classes, without_drives
from .distill import DistillConfig, Distiller, hard_cross_entropy
from .evaluate import confusion_of_model, load_eval_frames
from .gating import GatingConfig, build_model
from .huggingface import is_huggingface, load_published
from .metrics import summary
from .onnx_weights import is_exported, load_exported, start_from_exported
from .parallel import Peers
from .optim import Ema, MuonAdamW, cosine_lr
from .segformer import Segformer

LOG_EVERY = 25
CALIBRATION_BATCHES = 24
LOOKS = 4  # batches on which an exported head is looked at


@dataclass
class TrainConfig:
    """One run. `sources` and `evaluate` take the keys of `data.Source`; `student` makes it a distillation."""

    sources: list[dict]
    hold_out: list[str] = field(default_factory=list)  # drives kept out of every source, and measured on
    evaluate: dict | None = None  # another folder to measure on
    variant: str = "b0"
    model: dict = field(default_factory=dict)  # overrides of SegformerConfig
    init: str | None = None  # encoder or model checkpoint to start from
    seed: int = 1
    steps: int = 2000
    minutes: float = 0.0  # when > 0 the schedule also ends after this much training time
    batch: int = 8
    size: tuple[int, int] = (288, 384)
    scale: tuple[float, float] = (0.6, 1.6)
    label_stride: int = 2
    colour: float = 1.0
    lr: float = 1e-3
    head_lr_scale: float = 1.0
    weight_decay: float = 0.05
    warmup: int = 50
    ema: float = 0.995
    class_power: float = 0.5
    class_cap: float = 4.0
    eval_every: int = 200  # steps between two looks at the held-out frames, and one at the end; 0: none
    save_every: int = 100
    threads: int = 0  # of this process; 0: torch's own choice
    bf16: bool = True
    student: dict | None = None  # GatingConfig and DistillConfig values: {"gating": {...}, "distill": {...}}


def check_classes(sources: list[Source], root: Path, classes: list[str]) -> None:
    """A source may come without a class list; one that has another list is an error."""
    for source in sources:
        try:
            own, _ = read_classes(root / source.images, root / source.masks)
        except FileNotFoundError:
            continue
        if own != classes:
            raise ValueError(f"{source.images}: classes {', '.join(own)} are not those of the first source")


def load_init(model: nn.Module, path: Path, batches: Callable[[], list[Tensor]]) -> None:
    """Start from an encoder (`pretrain`), a model of this package whose class count may differ, or a published one.

    An exported model folder is looked at on `batches`: see `start_from_exported`.
    """
    if is_exported(path):
        fitting = start_from_exported(model, path, batches())
        print(f"init: {fitting} of {len(model.state_dict())} tensors from {path.name}", flush=True)
        return
    if is_huggingface(path):
        fresh = load_published(model, path)
        print(f"init: all of {path.name}; fresh: {', '.join(fresh) or 'nothing'}", flush=True)
        return
    saved = torch.load(path, weights_only=False, map_location="cpu")
    state = {f"segformer.encoder.{k}": v for k, v in saved["encoder"].items()} if "encoder" in saved else saved["ema"]
    own = model.state_dict()
    state = {k: v for k, v in state.items() if k in own and own[k].shape == v.shape}
    model.load_state_dict(state, strict=False)
    print(f"init: {len(state)} of {len(own)} tensors from {path.name}", flush=True)


def load_model(path: Path) -> tuple[Segformer, dict]:
    """Model with its averaged weights, in eval mode, and the checkpoint it came from; of an exported folder its model."""
    if is_exported(path):
        return load_exported(path), {}
    saved = torch.load(path, weights_only=False, map_location="cpu")
    model = build_model(saved["model_config"], saved["gating"])
    model.load_state_dict(saved["ema"])
    return model.eval(), saved


def batches(mixture: Mixture, first: int) -> Iterator[tuple[Tensor, Tensor, Tensor | None]]:
    """Batches `first`, `first` + 1, ... of a mixture, made by a process of their own."""
    return iter(torch.utils.data.DataLoader(
        torch.utils.data.Subset(mixture, range(first, len(mixture))), batch_size=None, num_workers=1, prefetch_factor=3,
        generator=torch.Generator()))  # leaves torch's own stream alone


def train(config: TrainConfig, root: Path, out: Path, stop_after: int | None = None) -> Path:
    """Run (or resume) one training. `stop_after` interrupts it after that step, for the tests."""
    peers, device, commit = Peers(), default_device(), git_commit()
    seed_everything(config.seed + peers.rank)
    if config.threads:
        torch.set_num_threads(config.threads)
    log = JsonlLog(out / "curve.jsonl", silent=peers.rank > 0)
    sources = [strict_config(Source, s) for s in config.sources]
    classes, void = read_classes(root / sources[0].images, root / sources[0].masks)
    check_classes(sources, root, classes)
    sources, unseen = without_drives(sources, config.hold_out, root)
    unseen += [strict_config(Source, config.evaluate)] if config.evaluate else []
    loaded = [(s, load_source(s, root, len(classes), void)) for s in sources]
    augment = Augment(tuple(config.size), tuple(config.scale), config.label_stride, config.colour)
    mixture = Mixture(loaded, augment, config.batch, config.steps, config.seed + 1000 * peers.rank)
    student = config.student or {}
    gating = strict_config(GatingConfig, student["gating"]) if student else None
    model = build_model({"variant": config.variant, "num_labels": len(classes), **config.model}, gating)
    if config.init:
        load_init(model, Path(config.init), lambda: [normalise(mixture[i][0]) for i in range(min(LOOKS, len(mixture)))])
    model.train().to(device, memory_format=torch.channels_last)
    distiller = None
    if student:
        distiller = Distiller(strict_config(DistillConfig, student["distill"]), load_model, device)
    optimizer = MuonAdamW(model, config.lr, config.weight_decay, lr_scale={"decode_head": config.head_lr_scale,
                                                                          "gate": student.get("gate_lr_scale", 1.0)})
    ema = Ema(model, config.ema)
    step, spent = 0, 0.0
    if (out / "last.pt").exists():
        saved = torch.load(out / "last.pt", weights_only=False, map_location=device)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        ema.state, step, spent = saved["ema"], saved["step"], saved["spent"]
        torch.set_rng_state(saved["rng"].cpu())
    elif distiller and gating.calibrate and peers.rank == 0:
        with peers.all_cores():
            calibrate(model, [normalise(mixture[i][0].to(device)) for i in range(min(CALIBRATION_BATCHES, len(mixture)))])
    peers.same_start(model)
    if step == 0:
        ema = Ema(model, config.ema)  # of what calibration and the first process left
    weights = mixture.class_weights(len(classes), config.class_power, config.class_cap).to(device)
    held_out = [f for s in unseen for f in load_eval_frames(s, root, len(classes), void)] if peers.rank == 0 else []
    log.write(event="start", step=step, config=asdict(config), commit=commit, torch=torch.__version__,
              processes=peers.count, device=str(device), frames=[len(f) for _, f in loaded], held_out=len(held_out), class_weights=weights.tolist(),
              parameters=sum(p.numel() for p in model.parameters()))

    def checkpoint() -> None:
        if peers.rank:
            return
        save_atomic({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "ema": ema.state,
                     "step": step, "spent": spent, "rng": torch.get_rng_state(), "config": asdict(config),
                     "classes": classes, "gating": gating, "commit": commit,
                     "model_config": {"variant": config.variant, "num_labels": len(classes), **config.model}},
                    out / "last.pt")

    def evaluate() -> None:
        copy = build_model({"variant": config.variant, "num_labels": len(classes), **config.model}, gating)
        copy.load_state_dict(ema.state)
        result = summary(confusion_of_model(copy.to(device).eval(), held_out, len(classes)), classes)
        log.write(step=step, minutes=round(spent / 60, 2), miou=round(result["miou"], 4),
                  iou={k: v and round(v, 3) for k, v in result["iou"].items()})

    loader = batches(mixture, step)
    running: dict[str, float] = defaultdict(float)
    while step < config.steps and step != stop_after:
        began = time.time()
        spent = peers.agree(spent)
        progress = max(step / config.steps, spent / 60 / config.minutes if config.minutes else 0.0)
        if progress >= 1:
            break
        images, labels, pixel_weights = next(loader)
        x, labels = normalise(images.to(device)), labels.to(device)
        pixel_weights = None if pixel_weights is None else pixel_weights.to(device)
        lr = cosine_lr(round(progress * config.steps), config.steps, config.lr, 0, 0.01)
        optimizer.set_lr(lr * min(1.0, (step + 1) / max(1, config.warmup)))
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=config.bf16):
            if distiller:
                parts = distiller.losses(model, x, labels, weights, progress, pixel_weights)
            else:
                parts = {"ce": hard_cross_entropy(model(x), labels, weights, pixel_weights)}
        loss = sum(parts.values())
        optimizer.zero_grad()
        loss.backward()
        peers.average_gradients(model)
        optimizer.step()
        ema.update(model, step)
        step += 1
        spent += time.time() - began
        for k, v in parts.items():
            running[k] += v.item() / LOG_EVERY
        if step % LOG_EVERY == 0:
            log.write(step=step, minutes=round(spent / 60, 2), lr=float(f"{lr:.3g}"),
                      **{k: round(v, 4) for k, v in running.items()})
            running.clear()
        if step % config.save_every == 0:
            checkpoint()
        if held_out and config.eval_every and step % config.eval_every == 0:
            evaluate()
    checkpoint()
    if held_out and config.eval_every and stop_after is None:
        evaluate()
    return out / "last.pt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder the config's paths are relative to")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--init", help="overrides the config's init")
    parser.add_argument("--teacher", help="overrides student.distill.teacher: a checkpoint, or an exported model folder")
    parser.add_argument("--hold-out", action="append", metavar="DRIVE", help="keep a drive out, and measure on it")
    parser.add_argument("--minutes", type=float, help="end the schedule after this much training time")
    parser.add_argument("--steps", type=int, help="overrides the config's steps")
    args = parser.parse_args()
    values = json.loads(args.config.read_text())
    if args.init:
        values["init"] = args.init
    if args.hold_out:
        values["hold_out"] = args.hold_out
    if args.minutes is not None:
        values["minutes"] = args.minutes
    if args.steps is not None:
        values["steps"] = args.steps
    if args.teacher:
        values["student"]["distill"]["teacher"] = args.teacher
    train(strict_config(TrainConfig, values), args.data, args.out)


if __name__ == "__main__":
    main()
