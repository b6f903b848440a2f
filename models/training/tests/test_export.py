import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch

from training.deploy import deploy
from training.gating import build_model, kept_count
from training.onnx_model import set_keep_ratio, write_model
from training.parity import agrees, compare

from .conftest import TINY, shake, tiny_student

MODELS = Path(__file__).resolve().parents[2]


def session(model: onnx.ModelProto) -> ort.InferenceSession:
    return ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("layout", ["nhwc", "nchw"])
@pytest.mark.parametrize("gated", [False, True])
def test_onnx_agrees_with_torch_at_any_size(gated, layout):
    model = deploy(tiny_student() if gated else shake(build_model(TINY, None)))
    run = session(write_model(model, {}, layout))
    for size in ((64, 96), (90, 120), (61, 83)):
        x = torch.randn(1, 3, *size)
        with torch.no_grad():
            expected = model(x).numpy()
        logits = run.run(["logits"], {"pixel_values": x.numpy()})[0]
        assert logits.shape == expected.shape == (1, 3, -(-size[0] // 4), -(-size[1] // 4))
        assert np.abs(logits - expected).max() < 1e-3


def test_gate_outputs_are_the_kept_neurons():
    model, x = deploy(tiny_student(0.6)), torch.randn(1, 3, 64, 64)
    names = [g.name for g in model.gates()]
    outputs = session(write_model(model, {})).run(names, {"pixel_values": x.numpy()})
    masks: dict[str, torch.Tensor] = {}
    for gate in model.gates():
        original = gate.mask
        gate.mask = lambda t, layer, gate=gate, original=original: masks.setdefault(gate.name, original(t, layer))
    with torch.no_grad():
        model(x)
    for gate, kept in zip(model.gates(), outputs):
        assert kept.dtype == np.int64
        assert sorted(kept.tolist()) == masks[gate.name].flatten().nonzero().flatten().tolist()


def test_gates_told_apart_by_less_than_a_step_of_fp16_stay_apart():
    """Around 1, fp16 has steps of 0.001; which neurons are kept must not be left to chance."""
    student = tiny_student(0.5)
    for gate in student.gates():
        torch.nn.init.zeros_(gate.fc2.weight)
        with torch.no_grad():
            gate.fc2.bias.copy_(1 + 1e-5 * torch.arange(gate.neurons))
    model = write_model(deploy(student), {})
    name = student.gates()[-1].name
    groups, width = student.gates()[-1].groups, student.gates()[-1].neurons // student.gates()[-1].groups
    kept = session(model).run([name], {"pixel_values": np.zeros((1, 3, 64, 64), np.float32)})[0]
    expected = [g * width + i for g in range(groups) for i in range(width - kept_count(width, 0.5), width)]
    assert sorted(kept.tolist()) == expected


def test_pruned_neurons_are_skipped_and_the_ratio_can_be_rewritten():
    """No product in the graph is as wide as the layer; TopK's k and Conv's group are all that a ratio needs."""
    model = tiny_student(0.7)
    exported = write_model(deploy(model), {})
    model.set_keep_ratio(0.4)
    expected = write_model(deploy(model), {})
    set_keep_ratio(exported, 0.4)
    assert exported.SerializeToString() == expected.SerializeToString()
    x = np.random.default_rng(0).standard_normal((1, 3, 64, 96), dtype=np.float32)
    logits, kept = session(exported).run(["logits", "gate.0.0.ffn"], {"pixel_values": x})
    assert len(kept) == kept_count(64, 0.4) and np.isfinite(logits).all()
    gathered = {n.output[0] for n in exported.graph.node if n.op_type == "Gather"}
    for node in exported.graph.node:
        if node.op_type == "Conv" and node.name.endswith("dwconv"):
            assert node.input[2] in gathered


def test_a_ratio_needs_gates_and_a_sensible_value():
    with pytest.raises(ValueError, match="without gates"):
        set_keep_ratio(write_model(deploy(shake(build_model(TINY, None))), {}), 0.5)
    with pytest.raises(ValueError, match="keep ratio 1.5"):
        set_keep_ratio(write_model(deploy(tiny_student()), {}), 1.5)


def test_weights_must_have_been_rounded():
    with pytest.raises(ValueError, match="fp16"):
        write_model(_unrounded(), {})
    with pytest.raises(ValueError, match="nchwc"):
        write_model(deploy(shake(build_model(TINY, None))), {}, "nchwc")


def _unrounded():
    model = deploy(shake(build_model(TINY, None)))
    with torch.no_grad():
        model.decode_head.bias.add_(1e-5)
    return model


def catalog() -> list[dict]:
    return json.loads((MODELS / "catalog.json").read_text())["models"]


@pytest.mark.parametrize("entry", catalog(), ids=lambda e: e["id"])
def test_committed_models_agree_with_torch_on_real_images(entry, data_root):
    camvid = data_root / "camvid" / "train"
    result = compare(MODELS / entry["path"], camvid / "images", camvid / "masks", ["0001TP"], 50)
    assert result["images"] == 50 and agrees(result), result


def test_committed_models_match_the_catalog():
    entries = catalog()
    assert {e["role"] for e in entries} == {"teacher", "student"}
    for entry in entries:
        folder = MODELS / entry["path"]
        data = (folder / "onnx" / "model.onnx").read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"] and len(data) == entry["bytes"]
        card = json.loads((folder / "card.json").read_text())
        config = json.loads((folder / "config.json").read_text())
        assert card["id"] == entry["id"] and card["keepRatio"] == entry["keepRatio"]
        assert [config["id2label"][str(i)] for i in range(len(entry["classes"]))] == entry["classes"]
        graph = onnx.load_from_string(data).graph
        outputs = [o.name for o in graph.output]
        assert outputs == ["logits"] + [g["name"] for g in card["gates"]]
        counts = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer if t.name.endswith(".k")}
        for gate in card["gates"]:
            assert int(counts[gate["name"] + ".k"][0]) * gate["groups"] == gate["kept"]
        if card["teacher"]:
            assert card["teacher"] in {e["id"] for e in entries if e["role"] == "teacher"}
