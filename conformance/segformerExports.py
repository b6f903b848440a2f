"""Makes ONNX files of SegFormer with random weights, as people's exporters make them.

    python conformance/segformerExports.py OUT_DIR --variant b0 --exporter legacy --opset 17 --labels 150

Needs torch, transformers, onnx and, for the dynamo exporter, onnxscript (conformance/requirements.txt). Nothing is
downloaded: the configurations are SegFormer's published ones, the weights are random.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import SegformerConfig, SegformerForSemanticSegmentation

# Xie et al. 2021 (arXiv 2105.15203), table 6: widths, depths, width of the head.
VARIANTS = {
    "b0": ([32, 64, 160, 256], [2, 2, 2, 2], 256),
    "b1": ([64, 128, 320, 512], [2, 2, 2, 2], 256),
    "b2": ([64, 128, 320, 512], [3, 4, 6, 3], 768),
    "b3": ([64, 128, 320, 512], [3, 4, 18, 3], 768),
    "b4": ([64, 128, 320, 512], [3, 8, 27, 3], 768),
    "b5": ([64, 128, 320, 512], [3, 6, 40, 3], 768),
}
EXPORTERS = ("legacy", "dynamo")


@dataclass(frozen=True)
class Export:
    """One file to make."""

    variant: str = "b0"
    exporter: str = "legacy"
    opset: int = 17
    labels: int = 150
    height: int = 64
    width: int = 96
    dynamic: bool = True

    @property
    def name(self) -> str:
        size = "dynamic" if self.dynamic else f"{self.height}x{self.width}"
        return f"segformer-{self.variant}-{self.labels}-{self.exporter}-opset{self.opset}-{size}.onnx"


# Both variants by both exporters, every number of classes, each exporter at two operator sets or more.
PAIRS = [
    Export("b0", "legacy", 14, 150),
    Export("b0", "legacy", 17, 19),
    Export("b0", "dynamo", 18, 11),
    Export("b0", "dynamo", 23, 150),
    Export("b2", "legacy", 17, 11),
    Export("b2", "dynamo", 20, 19),
]


class Logits(torch.nn.Module):
    """The model as exporters wrap it: a tensor in, a tensor out."""

    def __init__(self, model: SegformerForSemanticSegmentation) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return self.model(pixel_values=pixel_values, return_dict=False)[0]


def make_model(variant: str, labels: int, seed: int = 0) -> SegformerForSemanticSegmentation:
    hidden_sizes, depths, decoder_hidden_size = VARIANTS[variant]
    torch.manual_seed(seed)
    config = SegformerConfig(
        hidden_sizes=hidden_sizes,
        depths=depths,
        decoder_hidden_size=decoder_hidden_size,
        num_labels=labels,
    )
    model = SegformerForSemanticSegmentation(config).eval()
    # As trained weights, no two tensors alike: exporters write equal ones (LayerNorm's ones and zeros) once. Of a size
    # that keeps activations from fading, so that every layer is seen in the logits.
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() > 1:
                parameter.normal_(0.0, parameter[0].numel() ** -0.5)
            else:
                parameter.normal_(float("norm" in name and name.endswith("weight")), 0.1)
        norm = model.decode_head.batch_norm
        norm.running_mean.normal_(0.0, 0.1)
        norm.running_var.uniform_(0.5, 1.5)
    return model


def export(spec: Export, folder: Path) -> tuple[Path, int]:
    """Writes one file and gives its path and the model's number of parameters."""
    model = make_model(spec.variant, spec.labels)
    path = folder / spec.name
    folder.mkdir(parents=True, exist_ok=True)
    pixels = torch.zeros(1, 3, spec.height, spec.width)
    options = {"input_names": ["pixel_values"], "output_names": ["logits"], "opset_version": spec.opset}
    if spec.exporter == "legacy":
        if spec.dynamic:
            options["dynamic_axes"] = {
                "pixel_values": {0: "batch", 2: "height", 3: "width"},
                "logits": {0: "batch", 2: "out_height", 3: "out_width"},
            }
        torch.onnx.export(Logits(model).eval(), (pixels,), str(path), dynamo=False, **options)
    else:
        if spec.dynamic:
            sides = {2: torch.export.Dim.DYNAMIC, 3: torch.export.Dim.DYNAMIC}
            options["dynamic_shapes"] = {"pixel_values": sides}
        torch.onnx.export(Logits(model).eval(), (pixels,), str(path), dynamo=True, external_data=False, **options)
    return path, sum(parameter.numel() for parameter in model.parameters())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--variant", choices=sorted(VARIANTS), default="b0")
    parser.add_argument("--exporter", choices=EXPORTERS, default="legacy")
    parser.add_argument("--opset", type=int, default=17)
    parser.add_argument("--labels", type=int, default=150)
    parser.add_argument("--height", type=int, default=64)
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--fixed", action="store_true", help="fix height and width in the file")
    args = parser.parse_args()
    spec = Export(args.variant, args.exporter, args.opset, args.labels, args.height, args.width, not args.fixed)
    path, parameters = export(spec, args.folder)
    print(f"{path}: {parameters} parameters")


if __name__ == "__main__":
    main()
