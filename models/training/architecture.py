"""Which SegFormer: the sizes of MiT-B0 to B5 (Xie et al. 2021, table 6) and of the head on top."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

LAYER_NORM_EPS = 1e-5
PATCH_SIZES = (7, 3, 3, 3)
STRIDES = (4, 2, 2, 2)


@dataclass(frozen=True)
class SegformerConfig:
    """Architecture of one model. Sequences have one entry per stage."""

    num_labels: int = 11
    hidden_sizes: tuple[int, ...] = (32, 64, 160, 256)
    depths: tuple[int, ...] = (2, 2, 2, 2)
    num_attention_heads: tuple[int, ...] = (1, 2, 5, 8)
    sr_ratios: tuple[int, ...] = (8, 4, 2, 1)
    mlp_ratios: tuple[int, ...] = (4, 4, 4, 4)
    decoder_hidden_size: int = 256
    drop_path_rate: float = 0.1
    classifier_dropout_prob: float = 0.1

    @staticmethod
    def from_dict(values: dict) -> "SegformerConfig":
        """Parse a plain dictionary; an unknown key is an error."""
        known = {f.name for f in fields(SegformerConfig)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ValueError(f"unknown model config keys: {', '.join(unknown)}")
        return SegformerConfig(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})

    def to_dict(self) -> dict:
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}


_WIDE = (64, 128, 320, 512)
VARIANTS: dict[str, dict] = {
    "b0": {},
    "b1": {"hidden_sizes": _WIDE},
    "b2": {"hidden_sizes": _WIDE, "depths": (3, 4, 6, 3), "decoder_hidden_size": 768},
    "b3": {"hidden_sizes": _WIDE, "depths": (3, 4, 18, 3), "decoder_hidden_size": 768},
    "b4": {"hidden_sizes": _WIDE, "depths": (3, 8, 27, 3), "decoder_hidden_size": 768},
    "b5": {"hidden_sizes": _WIDE, "depths": (3, 6, 40, 3), "decoder_hidden_size": 768},
}


def variant(name: str, **overrides) -> SegformerConfig:
    """Config of MiT-B0 to B5, e.g. `variant("b0", num_labels=11)`."""
    if name not in VARIANTS:
        raise ValueError(f"unknown variant {name!r}: one of {', '.join(VARIANTS)}")
    return SegformerConfig(**{**VARIANTS[name], **overrides})
