"""SegFormer (Xie et al. 2021, arXiv 2105.15203): MiT encoder and all-MLP head.

Parameter names and shapes are those of the checkpoints that Hugging Face publishes for
`SegformerForSemanticSegmentation`, so `load_state_dict` takes them as they are. What differs is how it
is computed: tokens stay in [B, H, W, C] (a channels-last view for the convolutions, no copies), and the
head runs folded (see `DecodeHead`).
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .architecture import LAYER_NORM_EPS, PATCH_SIZES, STRIDES, SegformerConfig


def conv_nhwc(conv: nn.Conv2d, x: Tensor) -> Tensor:
    """Apply a convolution to [B, H, W, C] through a channels-last view."""
    return conv(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


def upsample_nhwc(x: Tensor, size: tuple[int, int]) -> Tensor:
    """[B, h, w, C] to [B, *size, C], bilinear, in x's own precision (autocast would make it float32)."""
    with torch.autocast(x.device.type, enabled=False):
        up = F.interpolate(x.permute(0, 3, 1, 2), size=size, mode="bilinear", align_corners=False)
    return up.permute(0, 2, 3, 1)


def layer_norm(channels: int) -> nn.LayerNorm:
    return nn.LayerNorm(channels, eps=LAYER_NORM_EPS)


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """softmax(q k^T / sqrt(d)) v for q [B, heads, n, d], k and v [B, heads, m, d].

    With the few keys SegFormer has (m is n over the reduction squared), two plain products train faster on a CPU
    than torch's fused kernel, forward and backward.
    """
    if q.is_cuda:
        return F.scaled_dot_product_attention(q, k, v)
    return F.softmax((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2), dim=-1, dtype=q.dtype) @ v


class Drop(nn.Module):
    """Zeroes parts of [B, H, W, C] while training and scales the others up: single channels of an image, or all of it
    (stochastic depth, where it is a residual branch)."""

    def __init__(self, rate: float, channels: bool) -> None:
        super().__init__()
        self.rate, self.channels = rate, channels

    def forward(self, x: Tensor) -> Tensor:
        if self.rate == 0.0 or not self.training:
            return x
        keep = 1.0 - self.rate
        parts = x.shape[3] if self.channels else 1
        mask = torch.rand(x.shape[0], 1, 1, parts, device=x.device, dtype=torch.float32) < keep
        return x * (mask.to(x.dtype) / keep)


class OverlapPatchEmbed(nn.Module):
    """[B, H, W, C_in] to [B, ceil(H/stride), ceil(W/stride), C_out]."""

    def __init__(self, patch: int, stride: int, c_in: int, c_out: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(c_in, c_out, patch, stride, patch // 2)
        self.layer_norm = layer_norm(c_out)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer_norm(conv_nhwc(self.proj, x))


class EfficientSelfAttention(nn.Module):
    """Multi-head attention whose keys and values are reduced by a strided convolution."""

    def __init__(self, dim: int, heads: int, sr_ratio: int) -> None:
        super().__init__()
        self.heads, self.sr_ratio = heads, sr_ratio
        self.query = nn.Linear(dim, dim)
        self.key = nn.Linear(dim, dim)
        self.value = nn.Linear(dim, dim)
        if sr_ratio > 1:
            self.sr = nn.Conv2d(dim, dim, sr_ratio, sr_ratio)
            self.layer_norm = layer_norm(dim)

    def reduce(self, x: Tensor) -> Tensor:
        """[B, H, W, C] to the tokens that keys and values are made of."""
        return self.layer_norm(conv_nhwc(self.sr, x)) if self.sr_ratio > 1 else x

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q [B, H, W, C], k and v [B, h, w, C]; returns [B, H, W, C]. Scale 1/sqrt(C/heads)."""
        split = lambda t: t.flatten(1, 2).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        out = attention(split(q), split(k), split(v))
        return out.transpose(1, 2).flatten(2).unflatten(1, q.shape[1:3])

    def forward(self, x: Tensor) -> Tensor:
        kv = self.reduce(x)
        return self.attend(self.query(x), self.key(kv), self.value(kv))


class Dense(nn.Module):
    """A linear layer one level down, as the published checkpoints name it."""

    def __init__(self, c_in: int, c_out: int) -> None:
        super().__init__()
        self.dense = nn.Linear(c_in, c_out)

    def forward(self, x: Tensor) -> Tensor:
        return self.dense(x)


class Attention(nn.Module):
    def __init__(self, dim: int, heads: int, sr_ratio: int) -> None:
        super().__init__()
        self.add_module("self", EfficientSelfAttention(dim, heads, sr_ratio))
        self.output = Dense(dim, dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.output(getattr(self, "self")(x))


class DepthwiseConv(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dwconv = nn.Conv2d(dim, dim, 3, 1, 1, groups=dim)

    def forward(self, x: Tensor) -> Tensor:
        return conv_nhwc(self.dwconv, x)


class MixFFN(nn.Module):
    """fc1, 3x3 depthwise convolution, GELU, fc2."""

    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.dense1 = nn.Linear(dim, hidden)
        self.dwconv = DepthwiseConv(hidden)
        self.dense2 = nn.Linear(hidden, dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.dense2(F.gelu(self.dwconv(self.dense1(x))))


class Block(nn.Module):
    def __init__(self, dim: int, heads: int, sr_ratio: int, mlp_ratio: int, drop_path: float) -> None:
        super().__init__()
        self.layer_norm_1 = layer_norm(dim)
        self.attention = Attention(dim, heads, sr_ratio)
        self.drop_path = Drop(drop_path, channels=False)
        self.layer_norm_2 = layer_norm(dim)
        self.mlp = MixFFN(dim, dim * mlp_ratio)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.drop_path(self.attention(self.layer_norm_1(x)))
        return x + self.drop_path(self.mlp(self.layer_norm_2(x)))


class Encoder(nn.Module):
    """Images [B, 3, H, W] to four feature maps [B, h_i, w_i, C_i] at strides 4, 8, 16, 32."""

    def __init__(self, config: SegformerConfig) -> None:
        super().__init__()
        total = sum(config.depths)
        rates = [config.drop_path_rate * i / max(1, total - 1) for i in range(total)]
        channels = (3, *config.hidden_sizes)
        stages = range(len(config.depths))
        self.patch_embeddings = nn.ModuleList(
            OverlapPatchEmbed(PATCH_SIZES[s], STRIDES[s], channels[s], channels[s + 1]) for s in stages
        )
        self.block = nn.ModuleList(
            nn.ModuleList(
                Block(config.hidden_sizes[s], config.num_attention_heads[s], config.sr_ratios[s],
                      config.mlp_ratios[s], rates[sum(config.depths[:s]) + d])
                for d in range(config.depths[s])
            )
            for s in stages
        )
        self.layer_norm = nn.ModuleList(layer_norm(c) for c in config.hidden_sizes)

    def forward(self, pixel_values: Tensor) -> list[Tensor]:
        x = pixel_values.permute(0, 2, 3, 1)
        features = []
        for embed, blocks, norm in zip(self.patch_embeddings, self.block, self.layer_norm):
            x = embed(x)
            for block in blocks:
                x = block(x)
            x = norm(x)
            features.append(x)
        return features


class Projection(nn.Module):
    def __init__(self, c_in: int, c_out: int) -> None:
        super().__init__()
        self.proj = nn.Linear(c_in, c_out)


class DecodeHead(nn.Module):
    """All-MLP head, computed in folded form.

    The published head projects each stage to D channels, upsamples, concatenates and fuses with a 1x1
    convolution. Both are linear and a 1x1 convolution commutes with bilinear upsampling, so stage i
    needs ONE matrix A_i = Fuse_i Proj_i at its native resolution; the upsampled results are added.
    `forward_unfolded` is the literal form, kept for the tests.
    """

    def __init__(self, config: SegformerConfig) -> None:
        super().__init__()
        d = config.decoder_hidden_size
        self.linear_c = nn.ModuleList(Projection(c, d) for c in config.hidden_sizes)
        self.linear_fuse = nn.Conv2d(d * len(config.hidden_sizes), d, 1, bias=False)
        self.batch_norm = nn.BatchNorm2d(d)
        self.dropout = Drop(config.classifier_dropout_prob, channels=True)
        self.classifier = nn.Conv2d(d, config.num_labels, 1)

    def folded(self) -> tuple[list[Tensor], Tensor]:
        """Matrices A_i [D, C_i] and the summed bias [D], before BatchNorm."""
        d = self.linear_fuse.out_channels
        slices = self.linear_fuse.weight.flatten(1).split(d, dim=1)[::-1]  # fused in reverse stage order
        weights = [f @ c.proj.weight for f, c in zip(slices, self.linear_c)]
        bias = sum(f @ c.proj.bias for f, c in zip(slices, self.linear_c))
        return weights, bias

    def classify(self, fused: Tensor) -> Tensor:
        """Fused map [B, h, w, D] to logits [B, labels, h, w]. Channels stay last in memory up to the logits:
        the elementwise operations of this, the largest map of all, cost several times more in any other layout."""
        normed = self.batch_norm(fused.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        hidden = self.dropout(F.relu(normed))
        return F.linear(hidden, self.classifier.weight.flatten(1), self.classifier.bias).permute(0, 3, 1, 2)

    def forward(self, features: list[Tensor]) -> Tensor:
        """Feature maps [B, h_i, w_i, C_i] to logits [B, labels, h_0, w_0]."""
        weights, bias = self.folded()
        fused = F.linear(features[0], weights[0], bias)
        for x, w in zip(features[1:], weights[1:]):
            fused = fused + upsample_nhwc(F.linear(x, w), fused.shape[1:3])
        return self.classify(fused)

    def forward_unfolded(self, features: list[Tensor]) -> Tensor:
        size = features[0].shape[1:3]
        maps = [upsample_nhwc(c.proj(x), size) for c, x in zip(self.linear_c, features)]
        return self.classify(conv_nhwc(self.linear_fuse, torch.cat(maps[::-1], dim=3)))


class Backbone(nn.Module):
    def __init__(self, config: SegformerConfig) -> None:
        super().__init__()
        self.encoder = Encoder(config)


class Segformer(nn.Module):
    """Images [B, 3, H, W] (normalised) to logits [B, num_labels, ceil(H/4), ceil(W/4)]."""

    def __init__(self, config: SegformerConfig) -> None:
        super().__init__()
        self.config = config
        self.segformer = Backbone(config)
        self.decode_head = DecodeHead(config)
        self.apply(init_weights)

    def features(self, pixel_values: Tensor) -> list[Tensor]:
        return self.segformer.encoder(pixel_values)

    def forward(self, pixel_values: Tensor) -> Tensor:
        return self.decode_head(self.features(pixel_values))


def init_weights(module: nn.Module) -> None:
    """Linear: normal, std 0.02. Convolution: fan-out normal, as in the SegFormer release."""
    if isinstance(module, nn.Linear):
        nn.init.trunc_normal_(module.weight, std=0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Conv2d):
        fan_out = module.kernel_size[0] * module.kernel_size[1] * module.out_channels // module.groups
        nn.init.normal_(module.weight, 0.0, math.sqrt(2.0 / fan_out))
        if module.bias is not None:
            nn.init.zeros_(module.bias)
