"""Where a student starts: its gates fitted to what the teacher computes, in closed form, before any training.

1. Bases. A score q.k and a mixed value W v are unchanged when the neurons of a head change basis. Each head moves to
   the basis in which fewest neurons say most: singular vectors of queries against keys, principal components of
   what the values add to the tokens (Eckart and Young 1936).
2. Means. A pruned neuron is replaced by its mean. Attention's rows sum to one, so the mean of a value passes
   through and moves into the bias of the output projection; that of a Mix-FFN's neuron stays in its gate.
3. Gates. The energy that a neuron adds to the residual stream is known for every image; ridge regression on the
   gate's own summary predicts its logarithm, and the predictor's hidden layer carries the regression's leading
   directions in pairs, GELU(u) - GELU(-u) = u.

Up to rounding, and with every gate open at 1, the student is still the teacher.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import Callable, Iterator

import torch
from torch import Tensor, nn

from .gating import DynaSegformer, Gate, GatedBlock
from .segformer import EfficientSelfAttention

SPREAD = 0.05  # standard deviation of the gate values around 1: small, since they also scale what they keep
FLOOR = 1e-4  # share of the mean variance that every direction of a head has at least
RIDGE = 0.1  # of the regression, in units of the summaries' mean variance times the number of images


@torch.no_grad()
def calibrate(student: DynaSegformer, batches: list[Tensor]) -> None:
    """Fit the gates of a student that has its teacher's weights. `batches`: normalised images [B, 3, H, W] each.

    Static gates are ordered by magnitude instead, and the teacher's weights stay as they are.
    """
    if student.gating.static:
        student.score_by_magnitude()
        return
    training = student.training
    student.eval()
    for gate in student.gates():  # open, so that what is seen is the teacher's
        nn.init.zeros_(gate.fc2.weight)
        nn.init.ones_(gate.fc2.bias)
    student.set_keep_ratio(1.0)
    blocks = [block for stage in student.segformer.encoder.block for block in stage]
    if student.gating.attention:
        for block, seen in zip(blocks, watch(student, blocks, batches, head_moments)):
            change_bases(block, {key: torch.stack(values).mean(dim=0) for key, values in seen.items()})
    seen = watch(student, blocks, batches, neuron_sums)
    for block, sums in zip(blocks, seen):
        fit_block(block, {key: torch.cat(values) for key, values in sums.items()})
    student.set_keep_ratio(student.gating.keep_ratio)
    student.train(training)


def watch(student: DynaSegformer, blocks: list[GatedBlock], batches: list[Tensor],
          look: Callable[[GatedBlock, dict[str, Tensor]], dict[str, Tensor]]) -> list[dict[str, list[Tensor]]]:
    """Runs the student and collects, block by block and batch by batch, what `look` makes of a block's tensors."""
    found: list[dict[str, list[Tensor]]] = [defaultdict(list) for _ in blocks]
    with taps(blocks) as tensors:
        for batch in batches:
            student.features(batch)
            for block, own, kept in zip(blocks, tensors, found):
                for key, value in look(block, own).items():
                    kept[key].append(value)
                own.clear()
    return found


@contextmanager
def taps(blocks: list[GatedBlock]) -> Iterator[list[dict[str, Tensor]]]:
    """A dictionary per block that forward passes fill: x and kv, the tokens read; q, k, mixed; m, h of the Mix-FFN."""
    tensors: list[dict[str, Tensor]] = [{} for _ in blocks]
    hooks = []

    def tap(layer: nn.Module, own: dict[str, Tensor], read: str | None, made: str | None) -> None:
        def remember(_module: nn.Module, inputs: tuple[Tensor], output: Tensor) -> None:
            if inputs[0].ndim != 4:  # a gate's own pass through the layer
                return
            if read:
                own[read] = inputs[0].float()
            if made:
                own[made] = output.float()
        hooks.append(layer.register_forward_hook(remember))

    for block, own in zip(blocks, tensors):
        core = getattr(block.attention, "self")
        tap(core.query, own, "x", "q")
        tap(core.key, own, None, "k")
        tap(core.value, own, "kv", None)
        tap(block.attention.output.dense, own, "mixed", None)
        tap(block.mlp.dense1, own, "m", None)
        tap(block.mlp.dense2, own, "h", None)
    try:
        yield tensors
    finally:
        for hook in hooks:
            hook.remove()


def head_moments(block: GatedBlock, seen: dict[str, Tensor]) -> dict[str, Tensor]:
    """Second moments of queries, covariances of keys over an image's tokens, moments and means of mixed values."""
    heads = getattr(block.attention, "self").heads
    split = lambda t: t.flatten(1, 2).unflatten(-1, (heads, -1)).double()  # [B, tokens, heads, d]
    moments = lambda t: torch.einsum("bnhi,bnhj->hij", t, t) / (t.shape[0] * t.shape[1])
    k, mixed = split(seen["k"]), split(seen["mixed"])
    return {"q": moments(split(seen["q"])), "k": moments(k - k.mean(dim=1, keepdim=True)),
            "mixed": moments(mixed), "mean": mixed.mean(dim=(0, 1))}


def square_root(covariance: Tensor) -> tuple[Tensor, Tensor]:
    """Symmetric square root and its inverse, [..., d, d]; weak directions count as FLOOR of the mean one."""
    values, vectors = torch.linalg.eigh(covariance)
    values = values.clamp_min(FLOOR * values.clamp_min(0).mean(dim=-1, keepdim=True).clamp_min(1e-12))
    scaled = lambda power: (vectors * values.pow(power)[..., None, :]) @ vectors.mT
    return scaled(0.5), scaled(-0.5)


def change_bases(block: GatedBlock, moments: dict[str, Tensor]) -> None:
    """Exact change of every head's neurons; the values' means move into the bias of the output projection."""
    core, out = getattr(block.attention, "self"), block.attention.output.dense
    heads = core.heads
    root, inverse = square_root(moments["q"])
    vectors, strengths, _ = torch.linalg.svd(root @ square_root(moments["k"])[0])
    gain = strengths.clamp_min(1e-6 * strengths.amax(dim=-1, keepdim=True)).sqrt()
    to, back = gain[..., None] * vectors.mT @ inverse, root @ vectors / gain[..., None, :]
    change_rows(core.query, to)
    change_rows(core.key, back.mT)
    reader = out.weight.double().unflatten(1, (heads, -1)).transpose(0, 1)  # [heads, C, d]
    mean = moments["mean"]
    root, inverse = square_root(moments["mixed"] - mean[:, :, None] * mean[:, None, :])
    _, strengths, rows = torch.linalg.svd(reader @ root, full_matrices=False)
    gain = strengths.clamp_min(1e-6 * strengths.amax(dim=-1, keepdim=True)).sqrt()
    to, back = gain[..., None] * rows @ inverse, root @ rows.mT / gain[..., None, :]
    core.value.bias.sub_(mean.flatten().float())
    out.bias.add_(torch.einsum("hcd,hd->c", reader, mean).float())
    change_rows(core.value, to)
    out.weight.copy_((reader @ back).transpose(0, 1).flatten(1))


def change_rows(layer: nn.Linear, to: Tensor) -> None:
    """The neurons of each head, replaced by `to` [heads, d, d] times them."""
    heads = to.shape[0]
    layer.weight.copy_((to @ layer.weight.double().unflatten(0, (heads, -1))).flatten(0, 1))
    layer.bias.copy_((to @ layer.bias.double().unflatten(0, (heads, -1))[..., None]).flatten())


def neuron_sums(block: GatedBlock, seen: dict[str, Tensor]) -> dict[str, Tensor]:
    """Per image [B, neurons]: the gates' pooled tokens, mean and mean square of what each kind of neuron says."""
    pooled = lambda t: t.mean(dim=(1, 2))
    square = lambda t: t.square().mean(dim=(1, 2))
    q, k, mixed, h = (seen[key] for key in ("q", "k", "mixed", "h"))
    return {"x": pooled(seen["x"]), "kv": pooled(seen["kv"]), "m": pooled(seen["m"]),
            "qk": square(q) * (square(k) - pooled(k).square()),
            "v": square(mixed), "h": pooled(h), "h2": square(h)}


def fit_block(block: GatedBlock, sums: dict[str, Tensor]) -> None:
    core, out, mlp = getattr(block.attention, "self"), block.attention.output.dense, block.mlp
    if hasattr(block.attention, "gate_qk"):
        gates = ((block.attention.gate_qk, core.query, sums["x"], sums["qk"]),
                 (block.attention.gate_v, core.value, sums["kv"], sums["v"] * out.weight.square().sum(dim=0)))
        for gate, layer, pooled, energies in gates:
            levels = gate_levels(energies)
            layer.weight.div_(levels.mean(dim=0).float()[:, None])
            layer.bias.div_(levels.mean(dim=0).float())
            fit_gate(gate, layer, pooled, levels)
    if hasattr(mlp, "gate"):
        means = sums["h"].mean(dim=0)
        mlp.gate.means.copy_(means)
        spread = sums["h2"] - 2 * means * sums["h"] + means.square()
        levels = gate_levels(spread * mlp.dense2.weight.square().sum(dim=0))
        mlp.dwconv.dwconv.weight.div_(levels.mean(dim=0).float()[:, None, None, None])
        fit_gate(mlp.gate, mlp.dense1, sums["m"], levels)


def gate_levels(energies: Tensor) -> Tensor:
    """What gate values should be: 1 + SPREAD times the standardised logarithm of [images, neurons] energies, which are
    what an image loses without each neuron. What a gate scales is divided by its neurons' mean level in turn."""
    levels = energies.double().clamp_min(1e-12 * energies.mean().clamp_min(1e-30)).log()
    return 1 + SPREAD * ((levels - levels.mean()) / levels.std().clamp_min(1e-6)).clamp(-3, 3)


def fit_gate(gate: Gate, layer: nn.Linear, pooled: Tensor, level: Tensor) -> None:
    """`pooled` [images, C], the gate's input; `level` [images, neurons], the values that it should give."""
    summary = layer(gate.norm(pooled)).double()
    centre, usual = summary.mean(dim=0), level.mean(dim=0)
    s, e = summary - centre, level - usual
    # Dual form: there are fewer images than neurons. W = S^T (S S^T + ridge)^-1 E, [neurons in, neurons out].
    gram = s @ s.T
    ridge = RIDGE * gram.diagonal().mean() * torch.eye(len(s), dtype=s.dtype, device=s.device)
    weights = s.T @ torch.linalg.solve(gram + ridge, e)
    # The directions of the input that matter most for what is predicted.
    _, strengths, right = torch.linalg.svd(s @ weights, full_matrices=False)
    pairs = gate.fc1.out_features // 2
    directions = right[:pairs]  # [pairs, neurons]
    reads = (weights @ directions.T).T  # [pairs, neurons in]
    size = (strengths[:pairs] / len(s) ** 0.5).clamp_min(1e-12)[:, None]  # hidden neurons of standard deviation 1
    rest = (0, 0, 0, pairs - len(directions))  # with fewer images than pairs the other pairs say nothing
    reads, says = nn.functional.pad(reads / size, rest), nn.functional.pad(directions * size, rest)
    gate.fc1.weight.copy_(torch.cat([reads, -reads]))
    gate.fc1.bias.copy_(torch.cat([-reads @ centre, reads @ centre]))
    gate.fc2.weight.copy_(torch.cat([says, -says]).T)
    gate.fc2.bias.copy_(usual)
