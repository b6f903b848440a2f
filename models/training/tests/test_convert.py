import json

import numpy as np
import onnxruntime as ort
import pytest
import torch

from training.convert import convert, main
from training.huggingface import read_checkpoint

from .test_segformer import published


@pytest.mark.parametrize("file", ["model.safetensors", "pytorch_model.bin"])
def test_a_folder_of_transformers_becomes_a_graph_with_its_logits(file, tmp_path):
    model = published("b0", 19).eval()
    model.config.id2label = {i: f"thing {i}" for i in range(19)}
    model.save_pretrained(tmp_path / "from")
    if file.endswith(".bin"):  # what older releases hold
        torch.save(read_checkpoint(tmp_path / "from"), tmp_path / "from" / file)
        (tmp_path / "from" / "model.safetensors").unlink()
    graph = convert(tmp_path / "from", tmp_path / "to")
    x = torch.randn(1, 3, 96, 128)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half().float())
        expected = model(x).logits.numpy()
    logits = ort.InferenceSession(graph, providers=["CPUExecutionProvider"]).run(["logits"], {"pixel_values": x.numpy()})[0]
    assert logits.shape == expected.shape
    # Weights are rounded after the head is folded, theirs before.
    assert np.abs(logits - expected).max() < 0.02 * np.abs(expected).max()
    assert (logits.argmax(1) == expected.argmax(1)).mean() > 0.98
    assert json.loads((tmp_path / "to" / "config.json").read_text())["id2label"]["7"] == "thing 7"
    assert json.loads((tmp_path / "to" / "preprocessor_config.json").read_text())["size"] == {"height": 512, "width": 512}


def test_what_is_no_segmentation_checkpoint_is_refused_by_name(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["convert", "--checkpoint", str(tmp_path), "--out", str(tmp_path / "to")])
    with pytest.raises(SystemExit):
        main()
    assert f"{tmp_path}: no config.json" in capsys.readouterr().err
    (tmp_path / "config.json").write_text('{"architectures": ["SegformerForImageClassification"]}')
    with pytest.raises(ValueError, match="not SegformerForSemanticSegmentation"):
        convert(tmp_path, tmp_path / "to")
    assert not (tmp_path / "to").exists()
