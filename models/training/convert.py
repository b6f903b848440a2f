"""A SegFormer checkpoint of PyTorch as a model folder that the studio opens.

    python -m training.convert --checkpoint FOLDER --out DIR

FOLDER is as `save_pretrained` of transformers writes it: config.json, model.safetensors or pytorch_model.bin, and
preprocessor_config.json where it has one. Writes DIR/{config.json, preprocessor_config.json, onnx/model.onnx}: the
head folded, weights rounded to fp16. Checkpoints of this package are exported with a card by `training.export`.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from .architecture import SegformerConfig
from .deploy import deploy
from .export import preprocessor_config, write_json
from .huggingface import load_published
from .onnx_model import write_model
from .segformer import Segformer

ARCHITECTURE = "SegformerForSemanticSegmentation"
FREE = ("num_labels", "drop_path_rate", "classifier_dropout_prob")  # not read from a config: counted, or of training
SIDE = 512  # what transformers' SegFormer processor resizes to without a config


def read_config(folder: Path) -> tuple[dict, SegformerConfig]:
    """config.json as it is, and the architecture that it describes. Anything but a SegFormer with a head is an error."""
    path = folder / "config.json"
    if not path.is_file():
        raise FileNotFoundError(f"{folder}: no config.json (a folder as transformers' save_pretrained writes it is needed)")
    config = json.loads(path.read_text())
    if ARCHITECTURE not in config.get("architectures", []):
        raise ValueError(f"{path}: architectures are {config.get('architectures')}, not {ARCHITECTURE}")
    sizes = {key: config[key] for key in SegformerConfig().to_dict() if key not in FREE and key in config}
    return config, SegformerConfig.from_dict({**sizes, "num_labels": len(config["id2label"])})


def convert(folder: Path, out: Path) -> Path:
    """Write the model folder; returns its graph's path. Every tensor of the checkpoint is used, or it is refused."""
    config, architecture = read_config(folder)
    model = Segformer(architecture)
    if fresh := load_published(model, folder):
        raise ValueError(f"{folder}: lacks {len(fresh)} tensors of a {ARCHITECTURE}, such as {fresh[0]}")
    graph = out / "onnx" / "model.onnx"
    graph.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"id": out.name, "role": "teacher", "keepRatio": "1"}
    graph.write_bytes(write_model(deploy(model.eval()), metadata, "nhwc").SerializeToString())
    write_json(out / "config.json", config)
    preprocessor = folder / "preprocessor_config.json"
    if preprocessor.is_file():
        shutil.copyfile(preprocessor, out / "preprocessor_config.json")
    else:
        write_json(out / "preprocessor_config.json", preprocessor_config((SIDE, SIDE)))
    return graph


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    try:
        print(convert(args.checkpoint, args.out))
    except (FileNotFoundError, ValueError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
