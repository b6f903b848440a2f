"""Model folders as people have them: SegFormers in every precision, and other segmentation graphs.

    python conformance/foreignModels.py OUT_DIR [NAME ...]

Weights are random; every folder has `reference.npz` with a picture's pixel values and what the model it was made from
says of them. Needs conformance/requirements.txt; nothing is downloaded.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_dynamic, quantize_static
from transformers import SegformerImageProcessorPil

from segformerExports import VARIANTS, Logits, make_model

HEIGHT, WIDTH = 64, 96
SIZE = {"height": HEIGHT, "width": WIDTH}
NAMES = {"pixel_values": {0: "batch", 2: "height", 3: "width"}, "logits": {0: "batch", 2: "rows", 3: "columns"}}


def pixels(seed: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((1, 3, HEIGHT, WIDTH), dtype=np.float32)


def export_torch(module: torch.nn.Module, example: torch.Tensor, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        module.eval(),
        (example,),
        str(path),
        dynamo=False,
        opset_version=17,
        input_names=["pixel_values"],
        output_names=["logits"],
        dynamic_axes=NAMES,
    )


def write_configs(model, folder: Path, reduce_labels: bool = False) -> None:
    labels = model.config.num_labels
    model.config.id2label = {i: f"class {i}" for i in range(labels)}
    model.config.label2id = {f"class {i}": i for i in range(labels)}
    model.config.save_pretrained(folder)
    SegformerImageProcessorPil(size=SIZE, do_reduce_labels=reduce_labels).save_pretrained(folder)


def write_reference(model, folder: Path) -> None:
    values = pixels()
    with torch.no_grad():
        expected = Logits(model)(torch.from_numpy(values)).numpy()
    np.savez(folder / "reference.npz", pixels=values, logits=expected)


def segformer(folder: Path, variant: str, labels: int, file: str = "onnx/model.onnx"):
    model = make_model(variant, labels)
    write_configs(model, folder, reduce_labels=labels == 150)
    write_reference(model, folder)
    export_torch(Logits(model), torch.from_numpy(pixels()), folder / file)
    return model


class Half(torch.nn.Module):
    """fp16 arithmetic behind float32 ends, as transformers.js' converter leaves them."""

    def __init__(self, model) -> None:
        super().__init__()
        self.inner = Logits(model).half()

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return self.inner(pixel_values.half()).float()


def fp16_arithmetic(folder: Path) -> None:
    model = segformer_without_graph(folder, "b0", 19)
    export_torch(Half(model), torch.from_numpy(pixels()), folder / "onnx/model_fp16.onnx")


def fp16_ends(folder: Path) -> None:
    model = segformer_without_graph(folder, "b0", 19)
    export_torch(Logits(model).half(), torch.from_numpy(pixels()).half(), folder / "onnx/model.onnx")


def segformer_without_graph(folder: Path, variant: str, labels: int):
    model = make_model(variant, labels)
    folder.mkdir(parents=True, exist_ok=True)
    write_configs(model, folder)
    write_reference(model, folder)
    return model


def fp16_weights(folder: Path) -> None:
    """Weights stored as float16, each cast to float32 before it is used."""
    segformer(folder, "b0", 19)
    path = folder / "onnx/model.onnx"
    model = onnx.load(path)
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or not tensor.dims:
            continue
        name = tensor.name
        values = numpy_helper.to_array(tensor).astype(np.float16)
        tensor.CopyFrom(numpy_helper.from_array(values, f"{name}_fp16"))
        casts.append(helper.make_node("Cast", [f"{name}_fp16"], [name], to=TensorProto.FLOAT))
    for node in reversed(casts):
        graph.node.insert(0, node)
    onnx.save(model, path)


def int8_dynamic(folder: Path) -> None:
    segformer(folder, "b0", 19, "full.onnx")
    (folder / "onnx").mkdir(exist_ok=True)
    quantize_dynamic(folder / "full.onnx", folder / "onnx/model_quantized.onnx")
    (folder / "full.onnx").unlink()


class Pictures(CalibrationDataReader):
    def __init__(self) -> None:
        self.left = iter([{"pixel_values": pixels(seed)} for seed in range(4)])

    def get_next(self):
        return next(self.left, None)


def int8_static(folder: Path) -> None:
    segformer(folder, "b0", 11, "full.onnx")
    (folder / "onnx").mkdir(exist_ok=True)
    quantize_static(
        folder / "full.onnx", folder / "onnx/model_int8.onnx", Pictures(), quant_format=QuantFormat.QDQ
    )
    (folder / "full.onnx").unlink()


def external_data(folder: Path) -> None:
    segformer(folder, "b0", 11)
    path = folder / "onnx/model.onnx"
    model = onnx.load(path)
    onnx.save_model(model, path, save_as_external_data=True, location="model.onnx_data", size_threshold=256)


class Small(torch.nn.Module):
    """A segmentation network of three convolutions, at a quarter of the picture's size."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.layers = torch.nn.Sequential(
            torch.nn.Conv2d(3, 8, 3, 2, 1),
            torch.nn.ReLU(),
            torch.nn.Conv2d(8, 8, 3, 2, 1),
            torch.nn.ReLU(),
            torch.nn.Conv2d(8, classes, 1),
        )

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.layers(image)


class NhwcBytes(torch.nn.Module):
    """As TensorFlow's people export: bytes of the picture in, ids of the classes out, the mean within."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = Small(5)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        values = (image.permute(0, 3, 1, 2).float() - 127.5) / 127.5
        logits = torch.nn.functional.interpolate(self.inner(values), scale_factor=4.0, mode="bilinear")
        return logits.argmax(1).to(torch.int32)


class TwoOutputs(torch.nn.Module):
    """As torchvision's: logits at the picture's size, and those of an auxiliary head."""

    def __init__(self) -> None:
        super().__init__()
        self.main, self.aux = Small(7), Small(7)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        size = image.shape[-2:]
        up = lambda x: torch.nn.functional.interpolate(x, size=size, mode="bilinear")  # noqa: E731
        return up(self.main(image)), up(self.aux(image))


class NhwcProbabilities(torch.nn.Module):
    """Channels last at both ends, softmax at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = Small(4)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.inner(image.permute(0, 3, 1, 2)).permute(0, 2, 3, 1).softmax(-1)


def other(folder: Path, module: torch.nn.Module, example: torch.Tensor, classes: int, **options) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        expected = module.eval()(example)
    expected = expected[0] if isinstance(expected, tuple) else expected
    torch.onnx.export(module, (example,), str(folder / "model.onnx"), dynamo=False, opset_version=17, **options)
    if expected.dtype == torch.int32:
        np.savez(folder / "reference.npz", input=example.numpy(), map=expected.numpy())
    else:
        channels = expected.permute(0, 3, 1, 2) if example.shape[-1] == 3 else expected
        np.savez(folder / "reference.npz", input=example.numpy(), map=channels.argmax(1).numpy())
    said = {"version": 1, "classes": [f"thing {i}" for i in range(classes)]}
    if example.dtype != torch.uint8:
        said["input"] = {"range": "unit"}
    (folder / "model.dynaseg.json").write_text(json.dumps(said))


def nhwc_bytes(folder: Path) -> None:
    example = torch.from_numpy(np.random.default_rng(3).integers(0, 256, (1, HEIGHT, WIDTH, 3), dtype=np.uint8))
    other(folder, NhwcBytes(), example, 5, input_names=["image_tensor"], output_names=["SemanticPredictions"])


def two_outputs(folder: Path) -> None:
    axes = {"image": {2: "h", 3: "w"}, "out": {2: "h", 3: "w"}, "aux": {2: "h", 3: "w"}}
    names = {"input_names": ["image"], "output_names": ["out", "aux"], "dynamic_axes": axes}
    other(folder, TwoOutputs(), torch.from_numpy(pixels()), 7, **names)


def nhwc_probabilities(folder: Path) -> None:
    example = torch.from_numpy(np.ascontiguousarray(pixels().transpose(0, 2, 3, 1)))
    axes = {"x": {1: "h", 2: "w"}}
    other(folder, NhwcProbabilities(), example, 4, input_names=["x"], output_names=["y"], dynamic_axes=axes)


SEGFORMERS: dict[str, Callable[[Path], object]] = {
    "fp32-b0-150": lambda folder: segformer(folder, "b0", 150),
    "fp32-b2-11": lambda folder: segformer(folder, "b2", 11, "model.onnx"),
    "fp16-arithmetic": fp16_arithmetic,
    "fp16-ends": fp16_ends,
    "fp16-weights": fp16_weights,
    "int8-dynamic": int8_dynamic,
    "int8-static": int8_static,
    "external-data": external_data,
}
OTHERS: dict[str, Callable[[Path], object]] = {
    "nhwc-bytes-map": nhwc_bytes,
    "two-outputs": two_outputs,
    "nhwc-probabilities": nhwc_probabilities,
}
FOREIGN = SEGFORMERS | OTHERS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(FOREIGN)}; default: all")
    args = parser.parse_args()
    for name in args.names or FOREIGN:
        (args.folder / name).mkdir(parents=True, exist_ok=True)
        FOREIGN[name](args.folder / name)
        print(name)


if __name__ == "__main__":
    main()
