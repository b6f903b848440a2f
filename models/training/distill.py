"""The two distillation stages (Bai et al. 2022), annealing and the losses they need."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from .data import IGNORE
from .gating import DynaSegformer


@dataclass
class DistillConfig:
    teacher: str | None  # checkpoint of the unpruned model; needed by stage 1 and when kd_lambda > 0
    stage1_share: float = 0.3  # share of the run spent on features
    anneal_share: float = 0.25  # share of the run over which the ratio is annealed
    min_keep: float | None = None  # sample the ratio in [min_keep, 1] on a share of the steps
    sample_share: float = 0.0
    sample_power: float = 1.0  # above 1 the low ratios are sampled more often
    l1: float = 1e-2
    kd_lambda: float = 1.0
    temperature: float = 1.0


def annealed_keep(keep_ratio: float, progress: float, anneal_share: float) -> float:
    """Pruned share r_t = r min(1, t/T), so keep_t = 1 - (1 - keep) min(1, t/T). `progress` = t/total."""
    ramp = min(1.0, progress / anneal_share) if anneal_share > 0 else 1.0
    return 1.0 - (1.0 - keep_ratio) * ramp


def feature_loss(student: list[Tensor], teacher: list[Tensor]) -> Tensor:
    """Sum over the stages of the mean squared error between feature maps [B, h, w, C]."""
    return sum(F.mse_loss(s.float(), t.float()) for s, t in zip(student, teacher, strict=True))


def soft_cross_entropy(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """-sum_c p_teacher log p_student, mean over pixels, times T^2. Logits [B, classes, h, w]."""
    p = F.softmax(teacher.float() / temperature, dim=1)
    log_q = F.log_softmax(student.float() / temperature, dim=1)
    return -(p * log_q).sum(dim=1).mean() * temperature ** 2


def hard_cross_entropy(logits: Tensor, labels: Tensor, class_weights: Tensor,
                       pixel_weights: Tensor | None = None) -> Tensor:
    """Weighted cross entropy. logits [B, classes, h, w] are upsampled to labels [B, H, W] (ids or IGNORE).

    pixel_weights [B, H, W] multiply the class weights; the mean is that of all weights together, 0 where they are 0.
    """
    up = F.interpolate(logits.float(), size=labels.shape[1:], mode="bilinear", align_corners=False)
    if pixel_weights is None:
        return F.cross_entropy(up, labels, class_weights, ignore_index=IGNORE)
    counted = labels != IGNORE
    weights = pixel_weights * class_weights[labels.where(counted, torch.zeros_like(labels))] * counted
    losses = F.cross_entropy(up, labels, ignore_index=IGNORE, reduction="none")
    return (weights * losses).sum() / weights.sum().clamp(min=1e-6)


class Distiller:
    """Holds the teacher and turns a batch into the loss terms of the current stage."""

    def __init__(self, config: DistillConfig, load: Callable, device: torch.device) -> None:
        self.config = config
        if not config.teacher:
            raise ValueError("distillation needs a teacher: name its checkpoint (--teacher)")
        self.teacher = load(Path(config.teacher))[0].to(device)

    def keep_at(self, target: float, progress: float) -> float:
        keep = annealed_keep(target, progress, self.config.anneal_share)
        if self.config.min_keep is not None and torch.rand(()).item() < self.config.sample_share:
            low = max(self.config.min_keep, keep - (target - self.config.min_keep))
            keep = low + (1 - low) * torch.rand(()).item() ** self.config.sample_power
        return keep

    def losses(self, student: DynaSegformer, x: Tensor, labels: Tensor, class_weights: Tensor,
               progress: float, pixel_weights: Tensor | None = None) -> dict[str, Tensor]:
        """x [B, 3, H, W] normalised, labels and weights [B, H', W']; progress 0..1. Sets the student's keep ratio."""
        config = self.config
        student.set_keep_ratio(self.keep_at(student.gating.keep_ratio, progress))
        first = progress < config.stage1_share
        with torch.no_grad():
            teacher_features = self.teacher.features(x) if first or config.kd_lambda else []
            soft = self.teacher.decode_head(teacher_features) if teacher_features and not first else None
        features = student.features(x)
        parts = {"l1": config.l1 * student.gate_l1()}
        if first:
            return {"feature": feature_loss(features, teacher_features), **parts}
        logits = student.decode_head(features)
        parts["ce"] = hard_cross_entropy(logits, labels, class_weights, pixel_weights)
        if soft is not None:
            parts["kd"] = config.kd_lambda * soft_cross_entropy(logits, soft, config.temperature)
        return parts
