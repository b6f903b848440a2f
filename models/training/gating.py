"""Dynamic gated linear layers (Bai et al. 2022, arXiv 2111.09499) for the SegFormer encoder.

A gate predicts, per image, how much each neuron of a linear layer matters, and keeps the top `r` of them:

    x = LayerNorm(mean over tokens of X)      the layer's input, summarised
    G = MLP(x W1 + b1)                        through the layer's own projection
    M = G on the kept neurons, 0 elsewhere    `Gate.mask`

Where the paper leaves a choice open:

* One gate, `qk`, serves queries and keys of a block. Their neurons meet in a dot product, so a neuron kept
  on one side only would be computed for nothing; two gates would keep r*r of the products, one keeps r.
* `qk` and `v` keep the same number of neurons in every head (Top-r inside each head). Heads then remain
  equally wide, and attention stays one batched product per block.
* The kept neurons are scaled by their gate value G, whose bias starts at 1. That is the path by which
  gradients reach the predictor. Exported, the scale sits on gathered weights, never on tokens: on the query
  rows, on the rows of the merge projection, on the depthwise kernels. All three are exact.
* Pruned neurons get the straight-through gradient of their mask (forward 0, backward as if open), so that a
  neuron that would have helped can come back.
* A pruned neuron of the Mix-FFN says its mean over images, not zero: the reader's bias takes it on, y = W (h M + m (1 -
  kept)) + b. The mean of a value needs no such term (see `closed_form`), and that of a key vanishes in the softmax.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .architecture import SegformerConfig, variant
from .segformer import Attention, Block, Segformer, layer_norm

REDUCTION = 16  # hidden width of a predictor: neurons / REDUCTION
MIN_HIDDEN = 8
KINDS = ("qk", "v", "ffn")


@dataclass
class GatingConfig:
    """What is gated. `attention` and `ffn` switch two thirds and one third of the gates; `static` replaces the
    predictors by the weights' magnitude, the same for every image: the baseline that dynamic pruning has to beat."""

    keep_ratio: float = 0.7
    reduction: int = REDUCTION
    calibrate: bool = True  # start the gates from the teacher's activations (see `closed_form`)
    attention: bool = True
    ffn: bool = True
    static: bool = False


def kept_count(neurons: int, keep_ratio: float) -> int:
    """Neurons kept out of `neurons`: round half up, at least one."""
    return max(1, min(neurons, math.floor(keep_ratio * neurons + 0.5)))


class Gate(nn.Module):
    """Predicts gate values for `neurons` neurons in `groups` equal groups (heads)."""

    def __init__(self, name: str, c_in: int, neurons: int, groups: int, reduction: int, means: bool) -> None:
        super().__init__()
        hidden = max(MIN_HIDDEN, neurons // reduction)
        self.name, self.neurons, self.groups = name, neurons, groups
        self.norm = layer_norm(c_in)
        self.fc1 = nn.Linear(neurons, hidden)
        self.fc2 = nn.Linear(hidden, neurons)
        self.means = nn.Parameter(torch.zeros(neurons)) if means else None  # what pruned neurons say
        self.keep_ratio = 1.0
        self.values: Tensor | None = None  # G of the last call, for the L1 term and for looking
        self.absent: Tensor | None = None  # what the pruned neurons of the last call say, [B, 1, 1, neurons]

    @property
    def kept_per_group(self) -> int:
        return kept_count(self.neurons // self.groups, self.keep_ratio)

    def logits(self, x: Tensor, layer: nn.Linear) -> Tensor:
        """Gate values G [B, neurons] for the layer's input tokens x [B, h, w, c_in]."""
        summary = self.norm(x.mean(dim=(1, 2)))
        return self.fc2(F.gelu(self.fc1(layer(summary)))).float()

    def top(self, scores: Tensor) -> Tensor:
        """1 for the highest scores of each group, else 0. scores and result [B, neurons]."""
        grouped = scores.unflatten(1, (self.groups, -1))
        return torch.zeros_like(grouped).scatter_(-1, grouped.topk(self.kept_per_group, dim=-1).indices, 1.0).flatten(1)

    def mask(self, x: Tensor, layer: nn.Linear) -> Tensor:
        """M [B, 1, 1, neurons]: G where kept, exactly 0 elsewhere."""
        g = self.logits(x, layer)
        self.values = g
        self.absent = None
        if self.kept_per_group == self.neurons // self.groups:
            return g[:, None, None]
        kept = self.top(g)
        straight_through = (1 - kept) * (g - g.detach())
        if self.means is not None:
            self.absent = (self.means * (1 - kept - straight_through))[:, None, None]
        return (g * kept + straight_through)[:, None, None]

    def extra_repr(self) -> str:
        return f"{self.name}, neurons={self.neurons}, groups={self.groups}"


class StaticGate(nn.Module):
    """Keeps the neurons of greatest magnitude, whatever the image. `score` them once the weights are loaded."""

    top, kept_per_group = Gate.top, Gate.kept_per_group

    def __init__(self, name: str, neurons: int, groups: int) -> None:
        super().__init__()
        self.name, self.neurons, self.groups, self.keep_ratio = name, neurons, groups, 1.0
        self.register_buffer("scores", torch.zeros(neurons))
        self.values: Tensor | None = None
        self.absent = None

    @torch.no_grad()
    def score(self, *rows: Tensor) -> None:
        """Product of the L2 norms of a neuron's weights, rows [neurons, ...] in each matrix that holds some."""
        self.scores.copy_(torch.stack([r.flatten(1).norm(dim=1) for r in rows]).prod(dim=0))

    def mask(self, x: Tensor, layer: nn.Linear) -> Tensor:
        """M [1, 1, 1, neurons]: 1 where kept, else 0."""
        self.values = self.top(self.scores[None])
        return self.values[:, None, None]


class GatedAttention(nn.Module):
    """Forward of `segformer.Attention` with its queries, keys and values gated."""

    @staticmethod
    def forward_of(attention: Attention, x: Tensor) -> Tensor:
        core = getattr(attention, "self")
        if not hasattr(attention, "gate_qk"):
            return attention(x)
        kv = core.reduce(x)
        m_qk = attention.gate_qk.mask(x, core.query)
        m_v = attention.gate_v.mask(kv, core.value)
        q = core.query(x) * m_qk.to(x.dtype)
        k = core.key(kv)  # its pruned neurons meet zeros in q
        v = core.value(kv) * m_v.to(x.dtype)
        return attention.output(core.attend(q, k, v))


class GatedBlock(Block):
    """A block whose attention and Mix-FFN carry gates; parameter names of the plain block are unchanged."""

    def add_gates(self, stage: int, index: int, dim: int, heads: int, hidden: int, gating: GatingConfig) -> None:
        self.name = f"gate.{stage}.{index}"

        def gate(kind: str, neurons: int, groups: int) -> Gate | StaticGate:
            name = f"{self.name}.{kind}"
            return StaticGate(name, neurons, groups) if gating.static else \
                Gate(name, dim, neurons, groups, gating.reduction, means=kind == "ffn")

        if gating.attention:
            self.attention.gate_qk = gate("qk", dim, heads)
            self.attention.gate_v = gate("v", dim, heads)
        if gating.ffn:
            self.mlp.gate = gate("ffn", hidden, 1)

    def score_by_magnitude(self) -> None:
        core, out, mlp = getattr(self.attention, "self"), self.attention.output.dense, self.mlp
        if hasattr(self.attention, "gate_qk"):
            self.attention.gate_qk.score(core.query.weight, core.key.weight)
            self.attention.gate_v.score(core.value.weight, out.weight.t())
        if hasattr(mlp, "gate"):
            mlp.gate.score(mlp.dense1.weight, mlp.dwconv.dwconv.weight, mlp.dense2.weight.t())

    def gated_mlp(self, x: Tensor) -> Tensor:
        mlp = self.mlp
        if not hasattr(mlp, "gate"):
            return mlp(x)
        mask = mlp.gate.mask(x, mlp.dense1).to(x.dtype)
        conv = mlp.dwconv.dwconv
        # M scales the depthwise kernel's output before its bias; the bias of a pruned neuron goes with it.
        h = F.conv2d(mlp.dense1(x).permute(0, 3, 1, 2), conv.weight, None, 1, 1, groups=conv.groups)
        h = h.permute(0, 2, 3, 1) * mask + conv.bias * (mask != 0)
        h = F.gelu(h)
        return mlp.dense2(h if mlp.gate.absent is None else h + mlp.gate.absent.to(h.dtype))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.drop_path(GatedAttention.forward_of(self.attention, self.layer_norm_1(x)))
        return x + self.drop_path(self.gated_mlp(self.layer_norm_2(x)))


class DynaSegformer(Segformer):
    """SegFormer with a gate on every block's queries/keys, values and Mix-FFN middle."""

    def __init__(self, config: SegformerConfig, gating: GatingConfig) -> None:
        super().__init__(config)
        self.gating = gating
        for s, blocks in enumerate(self.segformer.encoder.block):
            dim, heads = config.hidden_sizes[s], config.num_attention_heads[s]
            for d, block in enumerate(blocks):
                block.__class__ = GatedBlock
                block.add_gates(s, d, dim, heads, dim * config.mlp_ratios[s], gating)
        for gate in self.gates():
            if gating.static:
                continue
            gate.apply(_init_gate_linear)
            nn.init.normal_(gate.fc2.weight, std=0.01)
            nn.init.ones_(gate.fc2.bias)
        self.set_keep_ratio(gating.keep_ratio)

    def gates(self) -> list[Gate | StaticGate]:
        return [m for m in self.modules() if isinstance(m, (Gate, StaticGate))]

    def score_by_magnitude(self) -> None:
        """Order the neurons of static gates by the weights as they are now."""
        for blocks in self.segformer.encoder.block:
            for block in blocks:
                block.score_by_magnitude()

    def set_keep_ratio(self, ratio: float) -> None:
        if not 0 < ratio <= 1:
            raise ValueError(f"keep ratio {ratio} is not in (0, 1]")
        for gate in self.gates():
            gate.keep_ratio = ratio

    def gate_l1(self) -> Tensor:
        """Mean |G| over all gates of the last forward pass (the paper's L1 term, per neuron and image)."""
        values = [g.values for g in self.gates()]
        if self.gating.static:
            return torch.zeros(())  # a fixed mask has nothing to learn
        return torch.cat([v.abs().mean(dim=0) for v in values]).mean()


def _init_gate_linear(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        nn.init.kaiming_uniform_(module.weight, a=math.sqrt(5))
        nn.init.zeros_(module.bias)


def build_model(config: dict, gating: GatingConfig | None) -> Segformer:
    """`config`: {"variant": name, ...overrides of SegformerConfig}."""
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in config.items()}
    parsed = variant(values.pop("variant"), **values)
    return DynaSegformer(parsed, gating) if gating else Segformer(parsed)
