"""Export a checkpoint as a model folder in the Hugging Face / transformers.js shape, with a card.

    python -m training.export --checkpoint RUN/last.pt --id ID --name NAME --images DIR --masks DIR --drive D
                              [--teacher-id ID] [--out .] [--note TEXT]

Writes OUT/ID/{config.json, preprocessor_config.json, onnx/model.onnx, card.json, README.md} and brings
OUT/catalog.json up to date. The figures on the card are measured on the exported file, here.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from .architecture import PATCH_SIZES, STRIDES
from .cards import model_card
from .common import IMAGE_MEAN, IMAGE_STD
from .deploy import deploy
from .evaluate import evaluate
from .gating import DynaSegformer
from .onnx_model import write_model
from .segformer import Segformer
from .train import load_model

INPUT_SIZE = (360, 480)  # height, width in pixels of the frames trained on
LICENCE = "research use only (the training photographs are licensed for research)"
LIMITS = [
    "Trained on a few hundred frames of two drives in one town, by day and at dusk; expect errors elsewhere.",
    "Not for driving, surveillance or any decision about people.",
    "Small classes (poles, signs, fences, pedestrians, bicyclists) are found much less reliably than large ones.",
]


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n")


def hf_config(model: Segformer, classes: list[str]) -> dict:
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
        "image_size": list(INPUT_SIZE),
        "id2label": {str(i): name for i, name in enumerate(classes)},
        "label2id": {name: i for i, name in enumerate(classes)},
        "semantic_loss_ignore_index": 255,
    }


def preprocessor_config() -> dict:
    return {
        "image_processor_type": "SegformerImageProcessor",
        "do_resize": True,
        "size": {"height": INPUT_SIZE[0], "width": INPUT_SIZE[1]},
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
    parser.add_argument("--resize-layout", choices=("nhwc", "nchw"), default="nhwc")
    parser.add_argument("--out", type=Path, default=Path("."))
    parser.add_argument("--note", action="append", default=[], help="a line for the card")
    args = parser.parse_args()
    model, saved = load_model(args.checkpoint)
    student = isinstance(model, DynaSegformer)
    if student != bool(args.teacher_id):
        parser.error("--teacher-id belongs to a student, and only to one")
    if student and args.keep_ratio:
        model.set_keep_ratio(args.keep_ratio)
    keep = model.gates()[0].keep_ratio if student else 1
    model = deploy(model)
    folder = args.out / args.id
    onnx_path = folder / "onnx" / "model.onnx"
    onnx_path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"id": args.id, "role": "student" if student else "teacher", "keepRatio": str(keep)}
    data = write_model(model, metadata, args.resize_layout).SerializeToString()
    onnx_path.write_bytes(data)
    write_json(folder / "config.json", hf_config(model, saved["classes"]))
    write_json(folder / "preprocessor_config.json", preprocessor_config())
    result = evaluate(folder, args.images, args.masks, args.drive)
    command = (f"python -m training.evaluate --model {args.id} --images DATA/{short(args.images)} "
               f"--masks DATA/{short(args.masks)}" + "".join(f" --drive {d}" for d in args.drive) + " --json")
    recipe = {key: saved["config"][key] for key in saved["config"] if key not in ("init",)}
    if student:
        recipe["student"]["distill"].pop("teacher", None)
    card = {
        "version": 1,
        "id": args.id,
        "role": metadata["role"],
        "name": args.name,
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
        "figures": [{"command": command, "result": result}],
        "licence": LICENCE,
        "limits": LIMITS,
    }
    write_json(folder / "card.json", card)
    (folder / "README.md").write_text(model_card(card))
    update_catalog(args.out / "catalog.json", {
        "id": args.id, "role": metadata["role"], "name": args.name, "path": args.id,
        "classes": saved["classes"], "keepRatio": keep, "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data)})
    print(json.dumps({"id": args.id, "bytes": len(data), "miou": result["miou"], "iou": result["iou"]}))


def short(path: Path) -> str:
    """The last three parts of a data folder's path: what a reader can find in their own copy."""
    return "/".join(path.parts[-3:])


if __name__ == "__main__":
    main()
