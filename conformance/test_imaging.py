"""Pixels as the reference libraries make them: Pillow's resize, PNG and JPEG, transformers' image processor.

Run from the project's root, with node_modules in place:
    python -m pip install -r conformance/requirements.txt
    python -m pytest conformance
"""

import io
import json
import os
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

# transformers offers two processors for SegFormer; this one is Pillow and NumPy, and needs no torch.
from transformers.models.segformer.image_processing_pil_segformer import SegformerImageProcessorPil

ROOT = Path(__file__).resolve().parent.parent
SEED = 20240601
MAX_DIFFERENCE = 1 / 255  # what the product promises, per value

FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
# (width, height) from, (width, height) to
SIZES = [
    ((480, 360), (512, 512)),
    ((683, 512), (512, 512)),
    ((101, 67), (33, 129)),
    ((64, 64), (64, 31)),
    ((64, 64), (31, 64)),
    ((64, 64), (64, 64)),
    ((7, 5), (700, 3)),
    ((1, 1), (9, 4)),
    ((300, 2), (1, 1)),
    ((997, 13), (10, 10)),
    ((1201, 803), (160, 120)),
]
CONFIGS = [
    {},
    {"size": 128},
    {"size": {"height": 96, "width": 160}, "resample": 3},
    {"size": {"shortest_edge": 100}},
    {"size": {"height": 64, "width": 64}, "resample": 0, "do_normalize": False},
    {"size": {"height": 64, "width": 80}, "resample": 1, "do_rescale": False},
    {"do_resize": False, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]},
    {"size": 77, "rescale_factor": 0.01, "image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6]},
]


class Driver:
    """Collects nothing, keeps nothing: one call of the TypeScript code for a list of cases."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.count = 0

    def path(self, name: str) -> str:
        self.count += 1
        return str(self.folder / f"{self.count}-{name}")

    def run(self, cases: list) -> list:
        listing = self.path("cases.json")
        Path(listing).write_text(json.dumps(cases))
        npx = shutil.which("npx")
        assert npx, "npx is not on the path: install Node and run npm ci"
        done = subprocess.run(
            [npx, "--no-install", "tsx", "conformance/imagingCases.ts", listing],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env={**os.environ, "NO_COLOR": "1"},
        )
        assert done.returncode == 0, done.stderr
        results = json.loads(done.stdout)
        assert len(results) == len(cases)
        return results


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    return Driver(tmp_path_factory.mktemp("imaging"))


def random_pixels(rng, width, height, channels):
    """Half noise, half a slope with edges: noise alone hides errors of position."""
    pixels = rng.integers(0, 256, (height, width, channels), dtype=np.uint8)
    slope = (np.arange(width // 2)[None, :, None] * 3 + np.arange(height)[:, None, None] * 5) % 256
    pixels[:, : width // 2] = slope.astype(np.uint8)
    return pixels


def with_alpha(rgb):
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


def write(path, array):
    Path(path).write_bytes(np.ascontiguousarray(array).tobytes())
    return path


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_resize_equals_pillow(driver, mode):
    rng = np.random.default_rng(SEED)
    cases, expected = [], []
    for (width, height), (out_width, out_height) in SIZES:
        pixels = random_pixels(rng, width, height, len(mode))
        stored = pixels if mode == "RGBA" else with_alpha(pixels)
        source = write(driver.path("in"), stored)
        for name, resampling in FILTERS.items():
            cases.append(
                {
                    "do": "resize",
                    "input": source,
                    "output": driver.path("out"),
                    "width": width,
                    "height": height,
                    "outWidth": out_width,
                    "outHeight": out_height,
                    "filter": name,
                    "mode": mode,
                }
            )
            expected.append(np.asarray(Image.fromarray(pixels).resize((out_width, out_height), resampling)))
    for case, result, want in zip(cases, driver.run(cases), expected, strict=True):
        assert "problem" not in result, (case, result)
        got = np.fromfile(case["output"], np.uint8).reshape(want.shape)
        different = int((got != want).sum())
        assert different == 0, f"{case['filter']} {case['width']}x{case['height']}: {different} values differ"


def test_preprocess_equals_transformers(driver, record_property):
    rng = np.random.default_rng(SEED + 1)
    cases, expected = [], []
    for config in CONFIGS:
        for width, height in [(480, 360), (683, 512), (101, 203), (1500, 40)]:
            pixels = random_pixels(rng, width, height, 3)
            cases.append(
                {
                    "do": "preprocess",
                    "input": write(driver.path("in"), with_alpha(pixels)),
                    "output": driver.path("out"),
                    "width": width,
                    "height": height,
                    "config": config,
                }
            )
            processor = SegformerImageProcessorPil(**config)
            expected.append(processor(Image.fromarray(pixels), return_tensors="np")["pixel_values"][0])
    largest = 0.0
    for case, result, want in zip(cases, driver.run(cases), expected, strict=True):
        assert "problem" not in result, (case, result)
        assert (result["height"], result["width"]) == want.shape[1:], case
        got = np.fromfile(case["output"], np.float32).reshape(want.shape)
        largest = max(largest, float(np.abs(got - want.astype(np.float32)).max()))
    record_property("largest difference", largest)
    print(f"preprocess: largest difference {largest:.3g} over {len(cases)} cases")
    assert largest <= MAX_DIFFERENCE


def test_pillow_reads_our_masks(driver):
    rng = np.random.default_rng(SEED + 2)
    cases, expected = [], []
    for width, height, largest in [(31, 17, 11), (480, 360, 255), (1, 1, 0), (40, 30, 256), (50, 20, 65535)]:
        ids = rng.integers(0, largest + 1, (height, width)).astype("<u2")
        ids[0, 0] = largest
        cases.append(
            {
                "do": "encodeMask",
                "input": write(driver.path("ids"), ids),
                "output": driver.path("mask.png"),
                "width": width,
                "height": height,
            }
        )
        expected.append(ids)
    for case, result, want in zip(cases, driver.run(cases), expected, strict=True):
        assert "problem" not in result, (case, result)
        with Image.open(case["output"]) as image:
            image.load()
            assert image.mode == ("P" if want.max() <= 255 else "I;16")
            assert np.array_equal(np.asarray(image), want)
            if image.mode == "P":
                palette = np.asarray(image.getpalette()).reshape(-1, 3)
                assert len(palette) == 256
                assert palette[[1, 2, 15, 255]].tolist() == [
                    [128, 0, 0],
                    [0, 128, 0],
                    [192, 128, 128],
                    [224, 224, 192],
                ]


def test_we_read_pillows_masks(driver):
    rng = np.random.default_rng(SEED + 3)
    cases, expected = [], []

    def add(data: bytes, want):
        path = driver.path("mask.png")
        Path(path).write_bytes(data)
        cases.append({"do": "decodeMask", "input": path, "output": driver.path("ids")})
        expected.append(want)

    for width, height in [(1, 1), (13, 7), (64, 48), (203, 101)]:
        for bits in (1, 2, 4, 8):
            ids = rng.integers(0, 2**bits, (height, width)).astype(np.uint8)
            palette_image = Image.fromarray(ids, "P")
            palette_image.putpalette([value for index in range(256) for value in (index, 255 - index, 7)])
            add(saved(palette_image, bits=bits), ids)
        grey = rng.integers(0, 256, (height, width)).astype(np.uint8)
        add(saved(Image.fromarray(grey)), grey)
        add(saved(Image.fromarray(grey), optimize=True), grey)
        bilevel = Image.fromarray(grey > 127)
        add(saved(bilevel), np.asarray(bilevel).astype(np.uint8))
        wide = rng.integers(0, 65536, (height, width)).astype(np.uint16)
        add(saved(Image.fromarray(wide)), wide)
        for bits, colour_type in [(1, 0), (2, 3), (4, 0), (8, 3), (8, 0), (16, 0)]:
            ids = rng.integers(0, 2**bits, (height, width))
            data = interlaced_png(ids, bits, colour_type)
            if bits >= 8:
                with Image.open(io.BytesIO(data)) as check:
                    assert np.array_equal(np.asarray(check), ids), "the test's own interlaced PNG is wrong"
            add(data, ids)
    for case, result, want in zip(cases, driver.run(cases), expected, strict=True):
        assert result == {"width": want.shape[1], "height": want.shape[0]}, result
        got = np.fromfile(case["output"], "<u2").reshape(want.shape)
        assert np.array_equal(got, want)


def test_decoding_equals_pillow(driver):
    rng = np.random.default_rng(SEED + 4)
    rgb = Image.fromarray(random_pixels(rng, 203, 121, 3))
    # Chroma subsampling and the colour conversion show on soft pictures, not on noise.
    soft = rgb.resize((20, 12)).resize((203, 121), Image.Resampling.BICUBIC)
    rgba = Image.fromarray(random_pixels(rng, 57, 33, 4))
    cases, expected = [], []

    def add(data: bytes, want=None):
        path = driver.path("image")
        Path(path).write_bytes(data)
        cases.append({"do": "decodeImage", "input": path, "output": driver.path("pixels")})
        if want is None:
            want = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGBA")
        expected.append(np.asarray(want))

    for image in (rgb, soft):
        for options in ({"quality": 90}, {"quality": 75, "progressive": True}, {"quality": 95, "subsampling": 0}):
            add(saved(image, "JPEG", **options))
        add(saved(image, "JPEG", quality=85, subsampling=1))
        add(saved(image.convert("L"), "JPEG"))
        add(saved(image, "WEBP", lossless=True))
        add(saved(image, "BMP"))
        add(saved(image.convert("P"), "BMP"))
        add(saved(image.convert("1"), "BMP"))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        for kind, options in (("JPEG", {}), ("PNG", {}), ("WEBP", {"lossless": True})):
            add(saved(soft, kind, exif=exif, **options))
    for image in (rgb, rgba, rgb.convert("L"), rgba.convert("LA"), rgb.convert("P"), rgb.convert("1")):
        add(saved(image, "PNG"))
    add(saved(rgb, "PNG", transparency=tuple(np.asarray(rgb)[0, 0].tolist())))
    add(saved(rgb.convert("P"), "PNG", transparency=bytes(range(256))))
    wide = rng.integers(0, 65536, (20, 30)).astype(np.uint16)
    high = Image.fromarray((wide >> 8).astype(np.uint8)).convert("RGBA")
    add(saved(Image.fromarray(wide), "PNG"), high)
    for case, result, want in zip(cases, driver.run(cases), expected, strict=True):
        assert result == {"width": want.shape[1], "height": want.shape[0]}, (result, case)
        got = np.fromfile(case["output"], np.uint8).reshape(want.shape)
        assert np.array_equal(got, want), f"{Path(case['input']).name}: {int((got != want).sum())} values differ"


def test_lossy_webp_within_two_levels(driver):
    """libwebp's decoders may differ by their version's dithering and SIMD, so this is not held to the bit."""
    rng = np.random.default_rng(SEED + 5)
    image = Image.fromarray(random_pixels(rng, 90, 60, 3))
    data = saved(image, "WEBP", quality=80)
    path = driver.path("image.webp")
    Path(path).write_bytes(data)
    case = {"do": "decodeImage", "input": path, "output": driver.path("pixels")}
    assert driver.run([case]) == [{"width": 90, "height": 60}]
    want = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA")).astype(int)
    got = np.fromfile(case["output"], np.uint8).reshape(want.shape).astype(int)
    assert np.abs(got - want).max() <= 2


def saved(image, kind="PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def interlaced_png(ids, bits, colour_type) -> bytes:
    """Adam7, which Pillow reads but does not write. Filter 0 on every row."""
    height, width = ids.shape
    raw = b""
    for left, top, step_x, step_y in [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ]:
        part = ids[top::step_y, left::step_x]
        if part.size == 0:
            continue
        for row in part:
            shifts = np.arange(bits - 1, -1, -1)
            raw += b"\0" + np.packbits((row[:, None] >> shifts) & 1).tobytes()

    def chunk(tag, body):
        return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))

    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 1)
    palette = chunk(b"PLTE", bytes(3 * 2**bits)) if colour_type == 3 else b""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + palette
        + chunk(b"IDAT", zlib.compress(raw))
        + chunk(b"IEND", b"")
    )
