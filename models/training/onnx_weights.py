"""Read an exported model folder back into PyTorch: the deployed form, head folded, weights as they were rounded.

What a file holds can so be compared with PyTorch, and trained further, by someone who has the file alone.
"""

from __future__ import annotations

import json
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .architecture import PATCH_SIZES, STRIDES
from .deploy import deploy
from .gating import GatingConfig, build_model
from .segformer import Segformer


def model_config(config: dict) -> dict:
    """What `gating.build_model` takes, from a folder's config.json. Another SegFormer geometry is an error."""
    if tuple(config["patch_sizes"]) != PATCH_SIZES or tuple(config["strides"]) != STRIDES:
        raise ValueError(f"patch sizes {config['patch_sizes']}, strides {config['strides']}: not those of a SegFormer "
                         f"({list(PATCH_SIZES)}, {list(STRIDES)})")
    keys = ("depths", "hidden_sizes", "num_attention_heads", "sr_ratios", "mlp_ratios", "decoder_hidden_size")
    return {"variant": "b0", "num_labels": len(config["id2label"]), **{k: config[k] for k in keys}}


class Initializers:
    """The weights of a file under the names that `onnx_model` gave them."""

    def __init__(self, path: Path) -> None:
        self.tensors = {t.name: t for t in onnx.load(path).graph.initializer}

    def __contains__(self, name: str) -> bool:
        return f"{name}.f16" in self.tensors or name in self.tensors

    def __getitem__(self, name: str) -> Tensor:
        if name not in self:
            raise ValueError(f"no weights {name}: not a file that training.export wrote")
        stored = self.tensors[f"{name}.f16" if f"{name}.f16" in self.tensors else name]
        return torch.from_numpy(onnx.numpy_helper.to_array(stored).copy()).float()


def _copy(module: nn.Module, name: str, found: Initializers) -> None:
    """Linear, LayerNorm, depthwise or patch convolution: as they are, or as `onnx_model` turned them."""
    weight = found[f"{name}.weight"] if f"{name}.weight" in found else found[f"{name}.weight_t"].t()
    if weight.shape != module.weight.shape:  # the reduction convolution, as rows of patches
        out, channels, height, width = module.weight.shape
        weight = weight.view(out, height, width, channels).permute(0, 3, 1, 2)
    module.weight.copy_(weight)
    if f"{name}.bias" in found or f"{name}.bias_column" in found:
        bias = found[f"{name}.bias"] if f"{name}.bias" in found else found[f"{name}.bias_column"]
        module.bias.copy_(bias.flatten())
    else:  # the keys' bias, which softmax does not see
        module.bias.zero_()


def _take_means(mlp: nn.Module, name: str, found: Initializers) -> None:
    """What pruned neurons say; the file's last bias holds what all of it adds up to. Files of old have none."""
    if f"{name}.means" not in found:
        return
    mlp.gate.means.copy_(-found[f"{name}.means"])
    mlp.dense2.bias.sub_(mlp.dense2.weight @ mlp.gate.means)


def is_exported(path: Path) -> bool:
    """Whether it is a model folder of `training.export`."""
    return (path / "card.json").is_file() and (path / "onnx" / "model.onnx").is_file()


@torch.no_grad()
def start_from_exported(model: Segformer, folder: Path, batches: list[Tensor]) -> int:
    """Gives `model` the weights of a model folder, to be trained further. Returns how many tensors fit.

    The folded head is unfolded: its matrices become the projections, and BatchNorm, which folding has swallowed, gets
    the statistics of `batches` (normalised images [B, 3, H, W]) and undoes them, so that training and inference begin
    with what the file says. A classifier of another class count stays fresh.
    """
    exported = load_exported(folder)
    head, own = exported.decode_head, model.state_dict()
    fused = torch.cat([_before_norm(exported, x).transpose(0, 1).flatten(1) for x in batches], dim=1)
    mean, var = fused.mean(dim=1), fused.var(dim=1)
    norm = "decode_head.batch_norm"
    state = {k: v for k, v in exported.state_dict().items() if not k.startswith("decode_head.")} | {
        f"{norm}.running_mean": mean, f"{norm}.running_var": var, f"{norm}.bias": head.bias + mean,
        f"{norm}.weight": (var + model.decode_head.batch_norm.eps).sqrt(),
        "decode_head.linear_fuse.weight": torch.eye(len(head.bias)).repeat(1, len(head.weights))[:, :, None, None],
        "decode_head.classifier.weight": head.classifier_weight[:, :, None, None],
        "decode_head.classifier.bias": head.classifier_bias}
    for i, weight in enumerate(head.weights):
        state |= {f"decode_head.linear_c.{i}.proj.weight": weight,
                  f"decode_head.linear_c.{i}.proj.bias": torch.zeros(len(weight))}
    state = {k: v for k, v in state.items() if k in own and own[k].shape == v.shape}
    model.load_state_dict(state, strict=False)
    return len(state)


def _before_norm(exported: Segformer, x: Tensor) -> Tensor:
    """What the folded head adds up, without its bias: [B, D, h, w]."""
    features = exported.features(x)
    maps = [F.linear(f, w).permute(0, 3, 1, 2) for f, w in zip(features, exported.decode_head.weights)]
    size = maps[0].shape[2:]
    return sum(F.interpolate(m, size=size, mode="bilinear", align_corners=False) for m in maps)


@torch.no_grad()
def load_exported(folder: Path) -> Segformer:
    """folder: a model folder of `training.export`. Returns it in eval mode, at the file's own keep ratio."""
    card = json.loads((folder / "card.json").read_text())
    kinds = {gate["kind"] for gate in card["gates"]}
    gating = GatingConfig(card["keepRatio"], attention="qk" in kinds, ffn="ffn" in kinds) if kinds else None
    config = json.loads((folder / "config.json").read_text())
    model, found = deploy(build_model(model_config(config), gating)), Initializers(folder / "onnx" / "model.onnx")
    encoder, head = model.segformer.encoder, model.decode_head
    for name, module in encoder.named_modules():
        if hasattr(module, "weight") and ".gate" not in name:
            _copy(module, name.replace(".dwconv.dwconv", ".dwconv"), found)
    for gate in model.gates() if gating else []:
        for part in ("norm", "fc1", "fc2"):
            _copy(getattr(gate, part), f"{gate.name}.{part}", found)
    for s, blocks in enumerate(encoder.block):
        for d, block in enumerate(blocks):
            _take_means(block.mlp, f"block.{s}.{d}.mlp", found)
    for i, weight in enumerate(head.weights):
        weight.copy_(found[f"head.{i}.weight"])
    head.bias.copy_(found["head.bias"].flatten())
    head.classifier_weight.copy_(found["head.classifier.weight"])
    head.classifier_bias.copy_(found["head.classifier.bias"].flatten())
    return model
