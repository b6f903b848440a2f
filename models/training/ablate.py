"""What each part of the method is worth: the same budget for every row, one part changed in each.

    python -m training.ablate --config student.json --data ROOT --out DIR --teacher TEACHER.pt --hold-out DRIVE
                              [--minutes 10] [--row NAME]

Every student starts from the teacher, sees the same batches for the same time, and is measured on the held-out
drive at several keep ratios. A command that was stopped goes on where it was; DIR/ablation.json holds the table.
"""

from __future__ import annotations

import argparse
import copy
import json
from pathlib import Path

from .common import strict_config
from .evaluate import confusion_at_ratios
from .folds import RATIOS, held_out_frames, markdown, percent
from .metrics import summary
from .parallel import Peers
from .train import TrainConfig, load_model, train

# name of the row: what it changes in {"gating": ..., "distill": ...}
ROWS: dict[str, dict[str, dict]] = {
    "both stages": {},
    "stage 2 only": {"distill": {"stage1_share": 0.0}},
    "no distillation": {"distill": {"stage1_share": 0.0, "kd_lambda": 0.0}},
    "both stages, gates not fitted first": {"gating": {"calibrate": False}},
    "both stages, annealing off": {"distill": {"anneal_share": 0.0}},
    "both stages, static pruning by magnitude": {"gating": {"static": True}},
    "both stages, Q/K/V gates off": {"gating": {"attention": False}},
    "both stages, FFN gates off": {"gating": {"ffn": False}},
}


def row_config(base: dict, changes: dict[str, dict]) -> dict:
    values = copy.deepcopy(base)
    for part, own in changes.items():
        values["student"][part] |= own
    return values


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--teacher", required=True)
    parser.add_argument("--hold-out", action="append", required=True, metavar="DRIVE", help="as for the teacher")
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--row", action="append", choices=list(ROWS), help="only these rows")
    args = parser.parse_args()
    base = json.loads(args.config.read_text())
    base |= {"hold_out": args.hold_out, "init": args.teacher, "minutes": args.minutes, "eval_every": 0}
    base["student"]["distill"]["teacher"] = args.teacher
    frames, classes = held_out_frames(strict_config(TrainConfig, base), args.data, args.hold_out)
    measure = lambda path, ratios: {
        ratio: summary(matrix, classes)["miou"]
        for ratio, matrix in confusion_at_ratios(load_model(path)[0], frames, len(classes), ratios).items()}
    peers = Peers()
    header = [f"mIoU (%), {', '.join(args.hold_out)}, {len(frames)} frames", *[f"keep {r}" for r in RATIOS]]
    if peers.rank == 0:
        with peers.all_cores():
            teacher = measure(Path(args.teacher), [None])[None]
    rows: dict[str, dict[float, float]] = {}
    for name in args.row or ROWS:
        config = strict_config(TrainConfig, row_config(base, ROWS[name]))
        path = train(config, args.data, args.out / name.replace(", ", "-").replace(" ", "-").replace("/", ""))
        if peers.rank:
            continue
        with peers.all_cores():
            rows[name] = measure(path, list(RATIOS))
        (args.out / "ablation.json").write_text(json.dumps({"teacher": teacher, "rows": rows}, indent=2) + "\n")
        print(markdown(header, [["teacher, unpruned", *percent([teacher] * len(RATIOS))],
                                *[[n, *percent(list(r.values()))] for n, r in rows.items()]]), flush=True)


if __name__ == "__main__":
    main()
