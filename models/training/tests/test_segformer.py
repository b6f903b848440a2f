import torch
import pytest

from training.architecture import VARIANTS, SegformerConfig, variant
from training.data import IGNORE
from training.deploy import deploy
from training.gating import build_model

from .conftest import TINY, shake

SIZES = [(64, 96), (90, 120)]
PUBLISHED_PARAMETERS = {"b0": 3.7, "b1": 13.7, "b2": 27.5}  # millions, SegFormer paper, table 1


@pytest.mark.parametrize("size", SIZES)
def test_agrees_with_transformers(size, tmp_path):
    """Same weights, same logits, the weights read from the file that transformers itself writes."""
    transformers = pytest.importorskip("transformers")
    from safetensors.torch import load_file

    reference = shake(transformers.SegformerForSemanticSegmentation(transformers.SegformerConfig(num_labels=11)))
    reference.save_pretrained(tmp_path)
    model = build_model({"variant": "b0"}, None).eval()
    model.load_state_dict(load_file(tmp_path / "model.safetensors"))
    x = torch.randn(1, 3, *size)
    with torch.no_grad():
        expected, got = reference(x).logits, model(x)
    assert got.shape == expected.shape
    assert (got - expected).abs().max() < 1e-4


@pytest.mark.parametrize("size", SIZES)
def test_folded_head_is_the_unfolded_head(size):
    model = shake(build_model({"variant": "b0"}, None))
    with torch.no_grad():
        features = model.features(torch.randn(2, 3, *size))
        assert (model.decode_head(features) - model.decode_head.forward_unfolded(features)).abs().max() < 1e-4


def test_deployed_model_is_the_model_with_fp16_weights():
    model = shake(build_model(TINY, None))
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(p.half().float())
    x = torch.randn(1, 3, 64, 64)
    shipped = deploy(model)
    with torch.no_grad():
        assert (shipped(x) - model(x)).abs().max() < 5e-3  # the folded matrices alone are rounded anew
    assert all(torch.equal(p, p.half().float()) for p in shipped.parameters())


@pytest.mark.parametrize("name", PUBLISHED_PARAMETERS)
def test_parameter_counts(name):
    model = build_model({"variant": name, "num_labels": 19}, None)
    millions = sum(p.numel() for p in model.parameters()) / 1e6
    assert millions == pytest.approx(PUBLISHED_PARAMETERS[name], rel=0.03)


def test_unknown_names_are_errors():
    with pytest.raises(ValueError, match="b9"):
        variant("b9")
    with pytest.raises(ValueError, match="depth"):
        SegformerConfig.from_dict({"depth": [1]})
    assert SegformerConfig.from_dict(variant("b2").to_dict()) == variant("b2")
    assert set(VARIANTS) == {"b0", "b1", "b2", "b3", "b4", "b5"} and IGNORE == 255
