"""Optimiser, learning-rate schedule and weight averaging shared by every training stage."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

ADAM_BETAS = (0.9, 0.99)
MUON_MOMENTUM = 0.95
NO_MUON = ("classifier", "gate")  # output layers and gate predictors stay with AdamW


class MuonAdamW:
    """Muon (orthogonalised momentum) for hidden 2-D matrices, AdamW for everything else.

    Muon's step is scaled to the root mean square of an AdamW step, so that both share one learning rate.
    """

    def __init__(self, model: nn.Module, lr: float, weight_decay: float, muon: bool = True,
                 lr_scale: dict[str, float] | None = None) -> None:
        named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        matrix = [(n, p) for n, p in named if muon and p.ndim == 2 and not any(s in n for s in NO_MUON)]
        taken = {n for n, _ in matrix}
        rest = [(n, p) for n, p in named if n not in taken]
        scale = lambda n: next((v for k, v in (lr_scale or {}).items() if k in n), 1.0)
        self.optimizers: list[torch.optim.Optimizer] = []
        if matrix:
            groups = _grouped(matrix, scale, lambda p: weight_decay)
            self.optimizers.append(torch.optim.Muon(groups, lr=lr, momentum=MUON_MOMENTUM,
                                                    adjust_lr_fn="match_rms_adamw"))
        groups = _grouped(rest, scale, lambda p: weight_decay if p.ndim > 1 else 0.0)
        self.optimizers.append(torch.optim.AdamW(groups, lr=lr, betas=ADAM_BETAS))

    def set_lr(self, lr: float) -> None:
        for opt in self.optimizers:
            for group in opt.param_groups:
                group["lr"] = lr * group["lr_scale"]

    def step(self) -> None:
        for opt in self.optimizers:
            opt.step()

    def zero_grad(self) -> None:
        for opt in self.optimizers:
            opt.zero_grad(set_to_none=True)

    def state_dict(self) -> list[dict]:
        return [opt.state_dict() for opt in self.optimizers]

    def load_state_dict(self, states: list[dict]) -> None:
        for opt, state in zip(self.optimizers, states, strict=True):
            opt.load_state_dict(state)


def _grouped(named: list[tuple[str, Tensor]], scale, decay) -> list[dict]:
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, p in named:
        groups.setdefault((scale(name), decay(p)), []).append(p)
    return [{"params": ps, "lr_scale": s, "weight_decay": d} for (s, d), ps in groups.items()]


def cosine_lr(step: int, total: int, peak: float, warmup: int, floor: float = 0.0) -> float:
    """Linear warm-up to `peak`, then half a cosine down to `floor * peak` at `total`."""
    if step < warmup:
        return peak * (step + 1) / warmup
    progress = min(1.0, (step - warmup) / max(1, total - warmup))
    return peak * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * progress)))


class Ema:
    """Exponential moving average of parameters; buffers (BatchNorm statistics) are averaged too."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {k: v.detach().clone() for k, v in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        decay = min(self.decay, (1 + step) / (10 + step))
        current = model.state_dict()
        floats = [k for k, v in self.state.items() if v.is_floating_point()]
        torch._foreach_lerp_([self.state[k] for k in floats], [current[k] for k in floats], 1 - decay)
        for k, v in self.state.items():
            if not v.is_floating_point():
                v.copy_(current[k])
