"""Renders a model's README (a Hugging Face model card) from its card.json."""

from __future__ import annotations

from .folds import table


def model_card(card: dict) -> str:
    student = card["role"] == "student"
    figures = card["figures"][0]
    result = figures["result"]
    architecture = f"SegFormer-{card['variant'].upper()}"
    lines = [
        "---",
        "library_name: transformers.js",
        "pipeline_tag: image-segmentation",
        "tags: [segformer, semantic-segmentation, onnx" + (", dynamic-pruning" if student else "") + "]",
        "license: other",
        "---",
        "",
        f"# {card['name']}",
        "",
    ]
    if student:
        kept, total = sum(g["kept"] for g in card["gates"]), sum(g["neurons"] for g in card["gates"])
        lines += [f"A {architecture} whose gates keep {kept} of {total} neurons per image (keep ratio "
                  f"{card['keepRatio']}), distilled from `{card['teacher']}`. The other neurons are skipped when "
                  "the model runs: their weights are not gathered, and nothing is computed for them. Beside "
                  "`logits`, each gate has an int64 output with the indices it kept."]
    else:
        lines += [f"A {architecture}, its all-MLP head folded (the same function, less work)."]
    lines += [
        "",
        f"{card['parameters']:,} parameters, {card['bytes']:,} bytes; weights stored as {card['weights']}.",
        "",
        "## Use",
        "",
        f"Input `{card['input']['name']}`: float32 {card['input']['shape']}, normalised as in "
        f"`preprocessor_config.json`. Output `{card['output']['name']}`: float32 {card['output']['shape']}; upsample "
        "bilinearly, then take the argmax. Batch 1, any height and width.",
        "",
        "## Figures",
        "",
        f"{result['frames']} frames" + (f" of drive {', '.join(result['drives'])}" if result["drives"] else "")
        + (", which the model never saw in training" if figures["unseen"] else ", which were trained on")
        + "; one confusion matrix, single scale, void ignored.",
        "",
        "| class | IoU (%) |",
        "|---|---|",
        *[f"| {name} | {'absent' if v is None else f'{100 * v:.1f}'} |" for name, v in result["iou"].items()],
        f"| **mean** | **{100 * result['miou']:.1f}** |",
        "",
        f"Pixel accuracy {100 * result['pixel_accuracy']:.1f} %. Printed by:",
        "",
        "```",
        figures["command"],
        "```",
        "",
        *folds_of(card.get("folds")),
        "## Training",
        "",
        *[f"- {d}" for d in card["data"]],
        *[f"- {n}" for n in card["recipe"]["notes"]],
        f"- last run: {card['recipe']['steps']} steps, {card['recipe']['minutes']} minutes, "
        f"seed {card['recipe']['seed']}, commit {card['recipe']['commit']}; its whole config is in `card.json`",
        "",
        "## Licence and limits",
        "",
        f"{card['licence'][0].upper()}{card['licence'][1:]}.",
        "",
        *[f"- {limit}" for limit in card["limits"]],
        "",
    ]
    return "\n".join(lines)


def folds_of(folds: dict | None) -> list[str]:
    if not folds:
        return []
    return ["The weights were trained on every drive. With the same recipe, shorter, and each drive left out in turn "
            "(`python -m training.folds`):", "", table(folds), ""]
