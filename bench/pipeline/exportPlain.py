"""Exports a SegFormer-B0 with random weights as people do: transformers' model through torch.onnx.export.

    python bench/pipeline/exportPlain.py FILE LABELS HEIGHT WIDTH

The weights are transformers' own initialisation with livelier norms, so that many classes win somewhere; seeded.
"""

import sys
from pathlib import Path

import torch
from transformers import SegformerConfig, SegformerForSemanticSegmentation


class Logits(torch.nn.Module):
    """A tensor in, a tensor out, as exporters wrap it."""

    def __init__(self, model: SegformerForSemanticSegmentation) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return self.model(pixel_values=pixel_values, return_dict=False)[0]


def main() -> None:
    path, labels, height, width = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    torch.manual_seed(0)
    config = SegformerConfig(num_labels=labels, decoder_hidden_size=256)
    model = SegformerForSemanticSegmentation(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() > 1:
                parameter.normal_(0.0, (2.0 / parameter[0].numel()) ** 0.5)
            elif "norm" in name and name.endswith("weight"):
                parameter.uniform_(0.5, 1.5)
            else:
                parameter.normal_(0.0, 0.1)
    axes = {"pixel_values": {0: "batch", 2: "height", 3: "width"}, "logits": {0: "batch", 2: "h", 3: "w"}}
    torch.onnx.export(
        Logits(model).eval(),
        (torch.zeros(1, 3, height, width),),
        str(path),
        dynamo=False,
        opset_version=17,
        input_names=["pixel_values"],
        output_names=["logits"],
        dynamic_axes=axes,
    )


if __name__ == "__main__":
    main()
