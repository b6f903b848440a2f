"""Export a checkpoint as a model folder in the Hugging Face / transformers.js shape, with a card.

    python -m training.export --checkpoint RUN/last.pt --id ID --name NAME --images DIR --masks DIR [--drive D]
                              [--teacher-id ID] [--keep-ratio R] [--folds RUNS/folds.json] [--out .]
                              [--licence TEXT] [--limit TEXT] [--note TEXT]

Writes OUT/ID/{config.json, preprocessor_config.json, onnx/model.onnx, card.json, README.md} and brings
OUT/catalog.json up to date. The figures on the card are measured on the exported file, here; `--folds` adds the
table of `training.folds`, for weights that were trained on every drive.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from PIL import Image

from .architecture import PATCH_SIZES, STRIDES
from .cards import model_card
from .common import IMAGE_MEAN, IMAGE_STD
from .data import IMAGE_SUFFIXES, drive_of, list_pairs
from .deploy import deploy
from .evaluate import evaluate
from .folds import fold_figures
from .gating import DynaSegformer
from .onnx_model import write_model
from .segformer import Segformer
from .train import load_model


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n")


def hf_config(model: Segformer, classes: list[str], size: tuple[int, int]) -> dict:
    config = model.config
    return {
        "architectures": ["SegformerForSemanticSegmentation"],
        "model_type": "segformer",
        "num_channels": 3,
        "num_encoder_blocks": len(config.depths),
        "depths": list(config.depths),
        "hidden_sizes": list(config.hidden_sizes),
        "num_attention_heads": list(config.num_attention_heads),
        "sr_ratios": list(config.sr_ratios),
        "mlp_ratios": list(config.mlp_ratios),
        "patch_sizes": list(PATCH_SIZES),
        "strides": list(STRIDES),
        "decoder_hidden_size": config.decoder_hidden_size,
        "hidden_act": "gelu",
        "image_size": list(size),
        "id2label": {str(i): name for i, name in enumerate(classes)},
        "label2id": {name: i for i, name in enumerate(classes)},
        "semantic_loss_ignore_index": 255,
    }


def preprocessor_config(size: tuple[int, int]) -> dict:
    return {
        "image_processor_type": "SegformerImageProcessor",
        "do_resize": True,
        "size": {"height": size[0], "width": size[1]},
        "resample": 2,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": list(IMAGE_MEAN),
        "image_std": list(IMAGE_STD),
        "do_reduce_labels": False,
    }


def gates_of(model: Segformer) -> list[dict]:
    if not isinstance(model, DynaSegformer):
        return []
    rows = []
    for gate in model.gates():
        _, stage, block, kind = gate.name.split(".")
        rows.append({"name": gate.name, "stage": int(stage), "block": int(block), "kind": kind,
                     "neurons": gate.neurons, "groups": gate.groups,
                     "kept": gate.kept_per_group * gate.groups})
    return rows


def input_size(text: str | None, images: Path) -> tuple[int, int]:
    """Height and width from "HxW", or those of the first image."""
    if text:
        height, _, width = text.partition("x")
        if not (height.isdigit() and width.isdigit() and int(height) >= 32 and int(width) >= 32):
            raise ValueError(f"--size {text}: HEIGHTxWIDTH in pixels, 32 or more each, such as 360x480")
        return int(height), int(width)
    first = next(p for p in sorted(images.iterdir()) if p.suffix.lower() in IMAGE_SUFFIXES)
    width, height = Image.open(first).size
    return height, width


def measured(folder: Path, args: argparse.Namespace, saved: dict) -> dict:
    """The card's figures of an exported folder: the command, its result, and whether the frames were new to the model."""
    result = evaluate(folder, args.images, args.masks, args.drive)
    command = (f"python -m training.evaluate --model {args.id} --images DATA/{short(args.images)} "
               f"--masks DATA/{short(args.masks)}" + "".join(f" --drive {d}" for d in args.drive) + " --json")
    drives = {drive_of(i.stem) for i, _ in list_pairs(args.images, args.masks, args.drive)}
    trained_on = {s["images"].split("/")[0] for s in saved["config"]["sources"]}
    unseen = drives <= set(saved["config"].get("hold_out", [])) or not trained_on & set(args.images.parts)
    return {"command": command, "result": result, "unseen": unseen}


def update_catalog(path: Path, entry: dict) -> None:
    models = json.loads(path.read_text())["models"] if path.exists() else []
    models = [m for m in models if m["id"] != entry["id"]] + [entry]
    write_json(path, {"models": sorted(models, key=lambda m: (m["role"] != "teacher", -m["keepRatio"], m["id"]))})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--id", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--teacher-id")
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--masks", type=Path, required=True)
    parser.add_argument("--drive", action="append", default=[])
    parser.add_argument("--keep-ratio", type=float, help="other than the ratio trained for")
    parser.add_argument("--size", help="HEIGHTxWIDTH the model is run at (default: that of the first image)")
    parser.add_argument("--resize-layout", choices=("nhwc", "nchw"), default="nhwc")
    parser.add_argument("--folds", type=Path, help="folds.json of training.folds, with the same recipe")
    parser.add_argument("--out", type=Path, default=Path("."))
    parser.add_argument("--licence", default="not stated", help="under what the weights may be used")
    parser.add_argument("--limit", action="append", default=[], help="a line for the card: what it should not be used for")
    parser.add_argument("--note", action="append", default=[], help="a line for the card: how it was made")
    args = parser.parse_args()
    model, saved = load_model(args.checkpoint)
    student = isinstance(model, DynaSegformer)
    if student != bool(args.teacher_id):
        parser.error("--teacher-id belongs to a student, and only to one")
    if student and model.gating.static:
        parser.error("a static student is a baseline for training.ablate: it has no gates to export")
    if student and args.keep_ratio:
        model.set_keep_ratio(args.keep_ratio)
    size = input_size(args.size, args.images)
    keep = model.gates()[0].keep_ratio if student else 1
    model = deploy(model)
    folder = args.out / args.id
    onnx_path = folder / "onnx" / "model.onnx"
    onnx_path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"id": args.id, "role": "student" if student else "teacher", "keepRatio": str(keep)}
    data = write_model(model, metadata, args.resize_layout).SerializeToString()
    onnx_path.write_bytes(data)
    write_json(folder / "config.json", hf_config(model, saved["classes"], size))
    write_json(folder / "preprocessor_config.json", preprocessor_config(size))
    figures = measured(folder, args, saved)
    recipe = {key: saved["config"][key] for key in saved["config"] if key not in ("init",)}
    if student:
        recipe["student"]["distill"].pop("teacher", None)
    card = {
        "version": 1,
        "id": args.id,
        "role": metadata["role"],
        "name": args.name,
        "variant": saved["config"]["variant"],
        "keepRatio": keep,
        "teacher": args.teacher_id,
        "gates": gates_of(model),
        "head": "folded",
        "parameters": sum(p.numel() for p in model.parameters()),
        "bytes": len(data),
        "weights": "float16, rounded before evaluation",
        "input": {"name": "pixel_values", "shape": [1, 3, "height", "width"]},
        "output": {"name": "logits", "shape": [1, len(saved["classes"]), "height/4", "width/4"]},
        "data": [f"{s['images']}" + (f" ({', '.join(s['drives'])})" if s.get("drives") else "")
                 for s in saved["config"]["sources"]],
        "recipe": {"config": recipe, "seed": saved["config"]["seed"], "commit": saved["commit"],
                   "steps": saved["step"], "minutes": round(saved["spent"] / 60, 1), "notes": args.note},
        "figures": [figures],
        "folds": fold_figures(json.loads(args.folds.read_text())) if args.folds else None,
        "licence": args.licence,
        "limits": args.limit,
    }
    write_json(folder / "card.json", card)
    (folder / "README.md").write_text(model_card(card))
    update_catalog(args.out / "catalog.json", {
        "id": args.id, "role": metadata["role"], "name": args.name, "path": args.id,
        "classes": saved["classes"], "keepRatio": keep, "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data)})
    result = figures["result"]
    print(json.dumps({"id": args.id, "bytes": len(data), "miou": result["miou"], "iou": result["iou"]}))


def short(path: Path) -> str:
    """The last three parts of a data folder's path: what a reader can find in their own copy."""
    return "/".join(path.parts[-3:])


if __name__ == "__main__":
    main()
