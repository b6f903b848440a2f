"""The ONNX graph of a deployed SegFormer or DynaSegFormer, batch 1, any height and width.

Tokens are 2-D [N, C] throughout, so every linear layer is one Gemm:

* Mix-FFN runs transposed, Gemm(W1, X) to [neurons, N], depthwise Conv, Gelu, Gemm(transA): no Transpose.
* The reduction convolution is patchify (Slice, Reshape, Transpose of whole rows) and one Gemm.
* The key bias is left out: it adds the same number to every score of a query, and softmax does not see that.
* What pruned Mix-FFN neurons say, their means, is a row added to the last bias: C numbers per image.
* The scale 1/sqrt(head width) and all gate values sit on the small tensors (keys, values, depthwise kernels).
* The head resizes in NHWC by default, ten times faster on CPU and WASM than NCHW; `resize_layout="nchw"` is
  for runtimes whose NHWC linear Resize is wrong.

A gate is: mean over tokens, LayerNormalization, Gemm through the layer's own weights, two Gemms, TopK. Each
gate has its own initializer `gate.S.B.KIND.k` (neurons kept per head, or of the whole middle for `ffn`), read
by its TopK only; nothing else depends on the count but the `group` of the block's depthwise Conv. To change
the keep ratio, write those numbers. Outputs `gate.S.B.KIND` hold the kept neurons' indices, int64, unordered.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from .architecture import LAYER_NORM_EPS, STRIDES
from .gating import DynaSegformer, Gate, kept_count
from .graph import GraphWriter
from .segformer import Block, OverlapPatchEmbed, Segformer


class SegformerWriter(GraphWriter):
    def linear(self, x: str, name: str, layer: nn.Linear) -> str:
        """[N, C] to [N, C']."""
        w, b = self.weight(f"{name}.weight", layer.weight), self.weight(f"{name}.bias", layer.bias)
        return self.node("Gemm", [x, w, b], f"{name}.out", transB=1)

    def norm(self, x: str, name: str, layer: nn.LayerNorm) -> str:
        w, b = self.weight(f"{name}.weight", layer.weight), self.weight(f"{name}.bias", layer.bias)
        return self.node("LayerNormalization", [x, w, b], f"{name}.out", axis=-1, epsilon=LAYER_NORM_EPS)

    def patch_embed(self, image: str, name: str, embed: OverlapPatchEmbed) -> tuple[str, str]:
        """[1, C, H, W] to tokens [N, C'] and their grid [h, w] (int64 vector)."""
        conv = embed.proj
        w, b = self.weight(f"{name}.proj.weight", conv.weight), self.weight(f"{name}.proj.bias", conv.bias)
        pad = conv.padding[0]
        y = self.node("Conv", [image, w, b], f"{name}.conv", kernel_shape=list(conv.kernel_size),
                      strides=list(conv.stride), pads=[pad] * 4)
        grid = self.node("Shape", [y], f"{name}.grid", start=2, end=4)
        y = self.node("Reshape", [y, self.ints(conv.out_channels, -1)], f"{name}.rows")
        y = self.node("Transpose", [y], f"{name}.tokens", perm=[1, 0])
        return self.norm(y, f"{name}.layer_norm", embed.layer_norm), grid

    def to_image(self, tokens: str, grid: str, channels: int, name: str) -> str:
        """Tokens [N, C] to [1, C, h, w]."""
        y = self.node("Transpose", [tokens], f"{name}.rows", perm=[1, 0])
        shape = self.node("Concat", [self.ints(1, channels), grid], f"{name}.shape", axis=0)
        return self.node("Reshape", [y, shape], f"{name}.image")

    def reduce(self, x: str, grid: str, name: str, core: nn.Module, dim: int) -> str:
        """Tokens [N, C] to the reduced tokens [M, C] that keys and values are made of."""
        r = core.sr_ratio
        if r == 1:
            return x
        small = self.node("Div", [grid, self.ints(r)], f"{name}.sr.grid")
        whole = self.node("Mul", [small, self.ints(r)], f"{name}.sr.whole")
        shape = self.node("Concat", [grid, self.ints(dim)], f"{name}.sr.shape", axis=0)
        y = self.node("Reshape", [x, shape], f"{name}.sr.map")
        y = self.node("Slice", [y, self.ints(0, 0), whole, self.ints(0, 1)], f"{name}.sr.cut")
        size = self.node("Split", [small], f"{name}.sr.size", outputs=2, axis=0, num_outputs=2)
        shape = self.node("Concat", [size[0], self.ints(r), size[1], self.ints(r * dim)], f"{name}.sr.split", axis=0)
        y = self.node("Reshape", [y, shape], f"{name}.sr.patches")
        y = self.node("Transpose", [y], f"{name}.sr.order", perm=[0, 2, 1, 3])
        y = self.node("Reshape", [y, self.ints(-1, r * r * dim)], f"{name}.sr.rows")
        w = self.weight(f"{name}.sr.weight", core.sr.weight.permute(0, 2, 3, 1).flatten(1))
        y = self.node("Gemm", [y, w, self.weight(f"{name}.sr.bias", core.sr.bias)], f"{name}.sr.out", transB=1)
        return self.norm(y, f"{name}.layer_norm", core.layer_norm)

    def gate(self, x: str, gate: Gate, name: str, layer: nn.Linear) -> tuple[str, str]:
        """Kept indices int64 [K] (a graph output) and their gate values float32 [K]."""
        own = gate.name
        y = self.node("ReduceMean", [x, self.ints(0)], f"{own}.mean", keepdims=1)
        y = self.norm(y, f"{own}.norm", gate.norm)
        w, b = self.weight(f"{name}.weight", layer.weight), self.weight(f"{name}.bias", layer.bias)
        y = self.node("Gemm", [y, w, b], f"{own}.summary", transB=1)
        y = self.node("Gelu", [self.linear(y, f"{own}.fc1", gate.fc1)], f"{own}.hidden")
        w = self.weight(f"{own}.fc2.weight", gate.fc2.weight)
        b = self.constant(f"{own}.fc2.bias", gate.fc2.bias.detach().numpy())  # fp32, as `deploy` left it
        y = self.node("Gemm", [y, w, b], f"{own}.fc2", transB=1)
        width = gate.neurons // gate.groups
        y = self.node("Reshape", [y, self.ints(gate.groups, width)], f"{own}.logits")
        k = self.constant(f"{own}.k", np.array([gate.kept_per_group], dtype=np.int64))
        values, kept = self.node("TopK", [y, k], f"{own}.top", outputs=2, axis=-1, largest=1, sorted=0)
        if gate.groups > 1:
            first = self.constant(f"{own}.first", np.arange(gate.groups, dtype=np.int64)[:, None] * width)
            kept = self.node("Add", [kept, first], f"{own}.absolute")
        self.node("Reshape", [kept, self.ints(-1)], own)
        self.output(own, TensorProto.INT64, [None])
        return own, self.node("Reshape", [values, self.ints(-1)], f"{own}.values")

    def rows(self, kept: str | None, name: str, matrix) -> str:
        """A weight, or only its kept rows."""
        w = self.weight(name, matrix)
        return self.node("Gather", [w, kept], f"{name}.kept", axis=0) if kept else w

    def heads(self, x: str, heads: int, name: str, perm: list[int]) -> str:
        """[N, heads * d] to [N, heads, d], permuted."""
        y = self.node("Reshape", [x, self.ints(0, heads, -1)], f"{name}.split")
        return self.node("Transpose", [y], f"{name}.heads", perm=perm)

    def attention(self, x: str, grid: str, name: str, block: Block, dim: int) -> str:
        core, out = getattr(block.attention, "self"), block.attention.output.dense
        inner, heads = f"{name}.self", core.heads
        kv = self.reduce(x, grid, inner, core, dim)
        gated = hasattr(block.attention, "gate_qk")
        qk, g_qk = self.gate(x, block.attention.gate_qk, f"{inner}.query", core.query) if gated else (None, None)
        v_kept, g_v = self.gate(kv, block.attention.gate_v, f"{inner}.value", core.value) if gated else (None, None)
        q = self.node("Gemm", [x, self.rows(qk, f"{inner}.query.weight", core.query.weight),
                               self.rows(qk, f"{inner}.query.bias", core.query.bias)], f"{inner}.q", transB=1)
        k = self.node("Gemm", [kv, self.rows(qk, f"{inner}.key.weight", core.key.weight)], f"{inner}.k", transB=1)
        v = self.node("Gemm", [kv, self.rows(v_kept, f"{inner}.value.weight", core.value.weight),
                               self.rows(v_kept, f"{inner}.value.bias", core.value.bias)], f"{inner}.v", transB=1)
        scale = self.constant(f"scale_{dim // heads}", np.array((dim // heads) ** -0.5, dtype=np.float32))
        if gated:
            v = self.node("Mul", [v, g_v], f"{inner}.v.gated")
            k = self.node("Mul", [k, g_qk], f"{inner}.k.gated")
        k = self.node("Mul", [k, scale], f"{inner}.k.scaled")
        if heads > 1:
            q = self.heads(q, heads, f"{inner}.q", [1, 0, 2])
            k = self.heads(k, heads, f"{inner}.k", [1, 2, 0])
            v = self.heads(v, heads, f"{inner}.v", [1, 0, 2])
        else:
            k = self.node("Transpose", [k], f"{inner}.k.columns", perm=[1, 0])
        y = self.node("MatMul", [q, k], f"{inner}.scores")
        y = self.node("Softmax", [y], f"{inner}.weights", axis=-1)
        y = self.node("MatMul", [y, v], f"{inner}.mixed")
        if heads > 1:
            y = self.node("Transpose", [y], f"{inner}.mixed.tokens", perm=[1, 0, 2])
            y = self.node("Reshape", [y, self.ints(0, -1)], f"{inner}.mixed.joined")
        w = self.rows(v_kept, f"{name}.output.dense.weight_t", out.weight.t())
        b = self.weight(f"{name}.output.dense.bias", out.bias)
        return self.node("Gemm", [y, w, b], f"{name}.out")

    def mix_ffn(self, x: str, grid: str, name: str, block: Block) -> str:
        mlp, conv = block.mlp, block.mlp.dwconv.dwconv
        neurons, kept, values = conv.groups, None, None
        if hasattr(mlp, "gate"):
            kept, values = self.gate(x, mlp.gate, f"{name}.dense1", mlp.dense1)
            neurons = mlp.gate.kept_per_group
        w = self.rows(kept, f"{name}.dense1.weight", mlp.dense1.weight)
        b = self.rows(kept, f"{name}.dense1.bias_column", mlp.dense1.bias[:, None])
        h = self.node("Gemm", [w, x, b], f"{name}.dense1.rows", transB=1)
        shape = self.node("Concat", [self.ints(1, -1), grid], f"{name}.shape", axis=0)
        h = self.node("Reshape", [h, shape], f"{name}.image")
        kernel = self.rows(kept, f"{name}.dwconv.weight", conv.weight)
        if values:
            column = self.node("Reshape", [values, self.ints(-1, 1, 1, 1)], f"{name}.dwconv.gate")
            kernel = self.node("Mul", [kernel, column], f"{name}.dwconv.gated")
        h = self.node("Conv", [h, kernel, self.rows(kept, f"{name}.dwconv.bias", conv.bias)], f"{name}.dwconv",
                      group=neurons, kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[1, 1])
        h = self.node("Gelu", [h], f"{name}.gelu")
        h = self.node("Flatten", [h], f"{name}.rows", axis=2)
        w = self.rows(kept, f"{name}.dense2.weight_t", mlp.dense2.weight.t())
        b = self.bias_of_means(kept, w, mlp, name) if kept else self.weight(f"{name}.dense2.bias", mlp.dense2.bias)
        return self.node("Gemm", [h, w, b], f"{name}.out", transA=1)

    def bias_of_means(self, kept: str, w: str, mlp: nn.Module, name: str) -> str:
        """Pruned neurons say their means: the bias holds what all means add up to, less those of the kept."""
        means = mlp.gate.means.detach()
        negative = self.node("Gather", [self.weight(f"{name}.means", -means), kept], f"{name}.means.kept", axis=0)
        row = self.node("Unsqueeze", [negative, self.ints(0)], f"{name}.means.row")
        whole = (mlp.dense2.weight.double() @ means.double() + mlp.dense2.bias.double()).float()
        full = self.constant(f"{name}.dense2.bias", whole.detach().numpy())  # fp32: a sum of what was rounded
        return self.node("Gemm", [row, w, full], f"{name}.dense2.bias.kept")

    def head(self, features: list[str], grids: list[str], head: nn.Module, layout: str) -> None:
        """Tokens of the four stages to the graph output `logits` [1, labels, h, w]."""
        d = head.bias.shape[0]
        nhwc = layout == "nhwc"
        total = ""
        for i, (x, grid) in enumerate(zip(features, grids)):
            name = f"head.{i}"
            w = self.weight(f"{name}.weight", head.weights[i])
            bias = [] if i else [self.weight("head.bias", head.bias if nhwc else head.bias[:, None])]
            y = self.node("Gemm", [x, w, *bias] if nhwc else [w, x, *bias], f"{name}.out", transB=1)
            one, channels = self.ints(1), self.ints(d)
            parts = lambda g: [one, g, channels] if nhwc else [one, channels, g]
            shape = self.node("Concat", parts(grid), f"{name}.shape", axis=0)
            y = self.node("Reshape", [y, shape], f"{name}.map")
            if i:
                y = self.node("Resize", [y, "", "", "head.0.shape"], f"{name}.up", mode="linear",
                              coordinate_transformation_mode="half_pixel")
                y = self.node("Add", [total, y], f"{name}.sum")
            total = y
        y = self.node("Relu", [total], "head.relu")
        y = self.node("Reshape", [y, self.ints(-1, d) if nhwc else self.ints(d, -1)], "head.rows")
        w = self.weight("head.classifier.weight", head.classifier_weight)
        b = self.weight("head.classifier.bias", head.classifier_bias[:, None])
        y = self.node("Gemm", [w, y, b], "head.classes", transB=int(nhwc))
        labels = head.classifier_bias.shape[0]
        shape = self.node("Concat", [self.ints(1, labels), grids[0]], "head.logits_shape", axis=0)
        self.node("Reshape", [y, shape], "logits")
        self.output("logits", TensorProto.FLOAT, [1, labels, "height/4", "width/4"])


def write_model(model: Segformer, metadata: dict[str, str], resize_layout: str = "nhwc") -> onnx.ModelProto:
    """`model`: what `deploy` returned. `resize_layout`: "nhwc" or "nchw" (see the module's notes)."""
    if resize_layout not in ("nhwc", "nchw"):
        raise ValueError(f"resize layout {resize_layout!r}: nhwc or nchw")
    writer, encoder, config = SegformerWriter(), model.segformer.encoder, model.config
    image, features, grids = "pixel_values", [], []
    for s in range(len(STRIDES)):
        dim = config.hidden_sizes[s]
        x, grid = writer.patch_embed(image, f"patch_embeddings.{s}", encoder.patch_embeddings[s])
        for d, block in enumerate(encoder.block[s]):
            name = f"block.{s}.{d}"
            y = writer.norm(x, f"{name}.layer_norm_1", block.layer_norm_1)
            y = writer.attention(y, grid, f"{name}.attention", block, dim)
            x = writer.node("Add", [x, y], f"{name}.attended")
            y = writer.norm(x, f"{name}.layer_norm_2", block.layer_norm_2)
            y = writer.mix_ffn(y, grid, f"{name}.mlp", block)
            x = writer.node("Add", [x, y], f"{name}.out")
        x = writer.norm(x, f"layer_norm.{s}", encoder.layer_norm[s])
        features.append(x)
        grids.append(grid)
        if s + 1 < len(STRIDES):
            image = writer.to_image(x, grid, dim, f"stage.{s}")
    writer.head(features, grids, model.decode_head, resize_layout)
    writer.outputs.insert(0, writer.outputs.pop())
    pixel_values = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, [1, 3, "height", "width"])
    name = "dynasegformer" if isinstance(model, DynaSegformer) else "segformer"
    return writer.model([pixel_values], name, metadata)


def set_keep_ratio(exported: onnx.ModelProto, keep_ratio: float) -> None:
    """Change a student's file in place; the result is byte for byte what `write_model` gives at that ratio."""
    tensors = {t.name: t for t in exported.graph.initializer}
    convolutions = {n.name: n for n in exported.graph.node if n.op_type == "Conv"}
    gates = [t.name.removesuffix(".k") for t in tensors.values() if t.name.startswith("gate.") and t.name.endswith(".k")]
    if not gates:
        raise ValueError("a model without gates has no keep ratio")
    if not 0 < keep_ratio <= 1:
        raise ValueError(f"keep ratio {keep_ratio} is not in (0, 1]")
    for gate in gates:
        _, stage, block, kind = gate.split(".")
        first = tensors.get(f"{gate}.first")  # one entry per head
        neurons, groups = tensors[f"{gate}.fc2.bias"].dims[0], first.dims[0] if first else 1
        k = kept_count(neurons // groups, keep_ratio)
        tensors[f"{gate}.k"].CopyFrom(numpy_helper.from_array(np.array([k], dtype=np.int64), f"{gate}.k"))
        if kind == "ffn":
            group = next(a for a in convolutions[f"block.{stage}.{block}.mlp.dwconv"].attribute if a.name == "group")
            group.i = k
