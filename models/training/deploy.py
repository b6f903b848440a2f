"""The form in which a model is evaluated and shipped: head folded, weights rounded to fp16.

Folding is exact up to rounding (see `segformer.DecodeHead`; BatchNorm at inference is an affine map and folds
too). Rounding happens HERE, once, so that the fp16 weights stored in an ONNX file are bit for bit the weights
that were evaluated.
"""

from __future__ import annotations

import copy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .gating import Gate
from .segformer import DecodeHead, Segformer


class FoldedHead(nn.Module):
    """One matrix per stage, upsample, add, ReLU, classify."""

    def __init__(self, head: DecodeHead) -> None:
        super().__init__()
        norm = head.batch_norm
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weights, bias = head.folded()
        self.weights = nn.ParameterList(nn.Parameter(gain[:, None] * w) for w in weights)
        self.bias = nn.Parameter(gain * (bias - norm.running_mean) + norm.bias)
        self.classifier_weight = nn.Parameter(head.classifier.weight.flatten(1))
        self.classifier_bias = nn.Parameter(head.classifier.bias.clone())

    def forward(self, features: list[Tensor]) -> Tensor:
        """Feature maps [B, h_i, w_i, C_i] to logits [B, labels, h_0, w_0]."""
        size = features[0].shape[1:3]
        fused = F.linear(features[0], self.weights[0], self.bias).permute(0, 3, 1, 2)
        for x, w in zip(features[1:], list(self.weights)[1:]):
            y = F.linear(x, w).permute(0, 3, 1, 2)
            fused = fused + F.interpolate(y, size=size, mode="bilinear", align_corners=False)
        return F.conv2d(F.relu(fused), self.classifier_weight[:, :, None, None], self.classifier_bias)


@torch.no_grad()
def deploy(model: Segformer) -> Segformer:
    """A copy of `model` in eval mode, head folded, parameters rounded to the nearest fp16 value (last gate biases excepted)."""
    model = copy.deepcopy(model).float().eval()
    model.decode_head = FoldedHead(model.decode_head)
    exact = {id(module.fc2.bias) for module in model.modules() if isinstance(module, Gate)}
    for parameter in model.parameters():
        if id(parameter) not in exact:
            parameter.copy_(parameter.half().float())
    return model
