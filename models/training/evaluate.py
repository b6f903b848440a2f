"""Mean IoU of a checkpoint or of an exported model folder on a folder of images and masks.

    python -m training.evaluate --model CHECKPOINT.pt|MODEL_FOLDER --images DIR --masks DIR [--drive D] [--json]

One confusion matrix over all frames, single scale, void ignored, logits upsampled bilinearly to the mask's
size before the argmax. An exported model sees images at its preprocessor's size, as in the studio; a checkpoint
sees them at their own.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Callable

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from .common import IMAGE_MEAN, IMAGE_STD, default_device, normalise
from .data import Frame, Source, load_frame, pairs_of, read_classes
from .deploy import deploy
from .metrics import confusion, summary


def load_eval_frames(source: Source, root: Path, classes: int, void: int) -> list[Frame]:
    return [load_frame(i, m, classes, void, None) for i, m in pairs_of(source, root)]


def class_map(logits: Tensor, size: tuple[int, int]) -> np.ndarray:
    """logits [1, classes, h, w] to class ids [H, W]."""
    up = F.interpolate(logits.float(), size=size, mode="bilinear", align_corners=False)
    return up.argmax(dim=1)[0].cpu().numpy()


def as_preprocessed(image: Tensor, folder: Path) -> Tensor:
    """uint8 [3, H, W] at the size of folder/preprocessor_config.json, resized by Pillow as transformers does."""
    pre = json.loads((folder / "preprocessor_config.json").read_text())
    if not pre["do_resize"]:
        return image
    picture = Image.fromarray(image.permute(1, 2, 0).numpy())
    size, resample = (pre["size"]["width"], pre["size"]["height"]), Image.Resampling(pre["resample"])
    return torch.from_numpy(np.array(picture.resize(size, resample))).permute(2, 0, 1)


def confusion_of(run: Callable[[Tensor], Tensor], frames: list[Frame], classes: int,
                 prepare: Callable[[Tensor], Tensor] = lambda image: image) -> np.ndarray:
    """`run`: normalised float32 [1, 3, h, w] to logits [1, classes, h/4, w/4]; `prepare`: uint8 [3, H, W] before."""
    matrix = np.zeros((classes, classes), dtype=np.int64)
    for frame in frames:
        logits = run(normalise(prepare(frame.image)[None].float() / 255))
        matrix += confusion(frame.mask.numpy(), class_map(logits, tuple(frame.mask.shape)), classes)
    return matrix


@torch.no_grad()
def confusion_of_model(model: nn.Module, frames: list[Frame], classes: int, bf16: bool = True) -> np.ndarray:
    device = next(model.parameters()).device
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16):
        return confusion_of(lambda x: model(x.to(device)), frames, classes)


def confusion_at_ratios(model: nn.Module, frames: list[Frame], classes: int, ratios: list[float | None]
                        ) -> dict[float | None, np.ndarray]:
    """Confusion matrices of the deployed model at each keep ratio; None leaves the ratio as it is (and a teacher alone)."""
    found = {}
    for ratio in ratios:
        if ratio is not None:
            if not hasattr(model, "set_keep_ratio"):
                raise ValueError("a model without gates has no keep ratio")
            model.set_keep_ratio(ratio)
        found[ratio] = confusion_of_model(deploy(model).to(default_device()), frames, classes, bf16=False)
    return found


def onnx_session(folder: Path, keep_ratio: float | None = None):
    """onnxruntime session of folder/onnx/model.onnx; its preprocessor must normalise as training does."""
    import onnx
    import onnxruntime as ort

    from .onnx_model import set_keep_ratio

    pre = json.loads((folder / "preprocessor_config.json").read_text())
    if not (np.allclose(pre["image_mean"], IMAGE_MEAN) and np.allclose(pre["image_std"], IMAGE_STD)):
        raise ValueError(f"{folder.name}: image_mean/image_std are not those of this package")
    model = onnx.load(folder / "onnx" / "model.onnx")
    if keep_ratio is not None:
        set_keep_ratio(model, keep_ratio)
    return ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def onnx_runner(folder: Path, keep_ratio: float | None = None) -> Callable[[Tensor], Tensor]:
    """Runs an exported model, at another keep ratio if asked to."""
    session = onnx_session(folder, keep_ratio)
    return lambda x: torch.from_numpy(session.run(["logits"], {"pixel_values": x.contiguous().numpy()})[0])


def evaluate(model_path: Path, images: Path, masks: Path, drives: list[str], keep_ratio: float | None = None
             ) -> dict:
    """`keep_ratio` is for a student: another than it was trained or exported for."""
    names, void = read_classes(images, masks)
    frames = load_eval_frames(Source(str(images), str(masks), drives=drives), Path(), len(names), void)
    if model_path.is_dir():
        matrix = confusion_of(onnx_runner(model_path, keep_ratio), frames, len(names),
                              lambda image: as_preprocessed(image, model_path))
    else:
        from .train import load_model

        matrix = confusion_at_ratios(load_model(model_path)[0], frames, len(names), [keep_ratio])[keep_ratio]
    return {"model": model_path.name, "frames": len(frames), "drives": drives, **summary(matrix, names)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--masks", type=Path, required=True)
    parser.add_argument("--drive", action="append", default=[])
    parser.add_argument("--keep-ratio", type=float, help="of a student, other than its own")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    result = evaluate(args.model, args.images, args.masks, args.drive, args.keep_ratio)
    if args.json:
        print(json.dumps(result))
        return
    for name, value in result["iou"].items():
        print(f"{name:12s} {'  absent' if value is None else f'{100 * value:8.2f}'}")
    print(f"{'mIoU':12s} {100 * result['miou']:8.2f}   {result['frames']} frames, "
          f"pixel accuracy {100 * result['pixel_accuracy']:.2f}")


if __name__ == "__main__":
    main()
