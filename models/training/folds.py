"""Leave one drive out, in turn: train a teacher and its student without it, and measure both on it.

    python -m training.folds --teacher-config T.json --student-config S.json --data ROOT --out DIR --init ENCODER.pt
                             --drive A --drive B [--teacher-minutes 30] [--student-minutes 20]

It is how a recipe is chosen: every figure is for a drive that the models never saw. A command that was stopped goes
on where it was; DIR/folds.json holds the confusion matrices behind the table that is printed, and those of earlier
commands. Works under `torchrun` as `training.train` does.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from .data import Source, read_classes, without_drives
from .common import strict_config
from .evaluate import confusion_at_ratios, load_eval_frames
from .metrics import summary
from .parallel import Peers
from .train import TrainConfig, load_model, train

RATIOS = (0.7, 0.5, 0.3)


def held_out_frames(config: TrainConfig, root: Path, drives: list[str]) -> tuple[list, list[str]]:
    """Frames of the held-out drives in all sources of a config, and the class names."""
    classes, void = read_classes(*(root / config.sources[0][k] for k in ("images", "masks")))
    _, unseen = without_drives([strict_config(Source, s) for s in config.sources], drives, root)
    return [f for s in unseen for f in load_eval_frames(s, root, len(classes), void)], classes


def markdown(header: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(r)} |" for r in [header, ["---"] * len(header), *rows])


def percent(values: list[float]) -> list[str]:
    return [f"{100 * v:.1f}" for v in values]


def fold_figures(results: dict[str, dict]) -> dict:
    """Mean IoU of every model by drive; the mean, in which each drive weighs the same; and that of all frames in one
    confusion matrix, as the figure of CamVid's test split (two drives) is computed."""
    first, of = next(iter(results.values())), {}
    for name in first["confusion"]:
        matrices = {drive: np.array(r["confusion"][name]) for drive, r in results.items()}
        by_drive = {drive: summary(matrix, first["classes"])["miou"] for drive, matrix in matrices.items()}
        of[name] = {**by_drive, "mean": float(np.mean(list(by_drive.values()))),
                    "all frames": summary(sum(matrices.values()), first["classes"])["miou"]}
    return {"frames": {drive: r["frames"] for drive, r in results.items()}, "miou": of}


def table(found: dict) -> str:
    """What `fold_figures` found: one row per model, one column per drive."""
    header = ["mIoU (%)", *[f"{d} ({n} frames)" for d, n in found["frames"].items()], "mean", "all frames"]
    return markdown(header, [[name, *percent(list(values.values()))] for name, values in found["miou"].items()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher-config", type=Path, required=True)
    parser.add_argument("--student-config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--init", required=True, help="what the teachers start from; it must not have seen the drives")
    parser.add_argument("--drive", action="append", required=True, dest="drives")
    parser.add_argument("--teacher-minutes", type=float, default=0.0)
    parser.add_argument("--student-minutes", type=float, default=0.0)
    args = parser.parse_args()
    peers, table_file = Peers(), args.out / "folds.json"
    results = json.loads(table_file.read_text()) if table_file.exists() else {}
    for drive in args.drives:
        values = json.loads(args.teacher_config.read_text())
        values |= {"hold_out": [drive], "init": args.init, "minutes": args.teacher_minutes, "eval_every": 0}
        teacher = train(strict_config(TrainConfig, values), args.data, args.out / f"{drive}-teacher")
        values = json.loads(args.student_config.read_text())
        values |= {"hold_out": [drive], "init": str(teacher), "minutes": args.student_minutes, "eval_every": 0}
        values["student"]["distill"]["teacher"] = str(teacher)
        config = strict_config(TrainConfig, values)
        student = train(config, args.data, args.out / f"{drive}-student")
        if peers.rank:
            continue
        frames, classes = held_out_frames(config, args.data, [drive])
        with peers.all_cores():
            matrices = {"teacher": confusion_at_ratios(load_model(teacher)[0], frames, len(classes), [None])[None]}
            at = confusion_at_ratios(load_model(student)[0], frames, len(classes), list(RATIOS))
        matrices |= {f"student, keep {ratio}": matrix for ratio, matrix in at.items()}
        results[drive] = {"frames": len(frames), "classes": classes,
                          "confusion": {name: matrix.tolist() for name, matrix in matrices.items()}}
        table_file.write_text(json.dumps(results) + "\n")
        print(table(fold_figures(results)), flush=True)


if __name__ == "__main__":
    main()
