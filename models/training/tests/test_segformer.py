import torch
import pytest

from training.architecture import VARIANTS, SegformerConfig, variant
from training.data import IGNORE
from training.deploy import deploy
from training.gating import GatingConfig, build_model
from training.huggingface import load_published, read_checkpoint

from .conftest import TINY, shake

SIZES = [(64, 96), (90, 120)]
PUBLISHED_PARAMETERS = {"b0": 3.7, "b1": 13.7, "b2": 27.5}  # millions, SegFormer paper, table 1


def published(name: str, classes: int = 11):
    """transformers' own model of that size, random weights that a trained one could have."""
    transformers = pytest.importorskip("transformers")
    sizes = variant(name)
    config = transformers.SegformerConfig(num_labels=classes, depths=list(sizes.depths),
                                          hidden_sizes=list(sizes.hidden_sizes),
                                          decoder_hidden_size=sizes.decoder_hidden_size)
    return shake(transformers.SegformerForSemanticSegmentation(config))


@pytest.mark.parametrize("name, file", [("b0", "model.safetensors"), ("b2", "model.safetensors"),
                                        ("b0", "pytorch_model.bin")])
def test_agrees_with_transformers(name, file, tmp_path):
    """Same weights, same logits, the weights read from the folder that transformers itself writes."""
    reference = published(name)
    reference.save_pretrained(tmp_path)
    if file.endswith(".bin"):  # what older releases hold
        torch.save(read_checkpoint(tmp_path), tmp_path / file)
        (tmp_path / "model.safetensors").unlink()
    model = build_model({"variant": name}, None).eval()
    assert load_published(model, tmp_path) == []
    for size in SIZES:
        x = torch.randn(1, 3, *size)
        with torch.no_grad():
            expected, got = reference(x).logits, model(x)
        assert got.shape == expected.shape
        assert (got - expected).abs().max() < 1e-4


def test_published_weights_fit_whole_or_not_at_all(tmp_path):
    published("b0", classes=150).save_pretrained(tmp_path)
    student = build_model({"variant": "b0"}, GatingConfig())
    fresh = load_published(student, tmp_path)
    assert {k for k in fresh if ".gate" not in k} == {"decode_head.classifier.weight", "decode_head.classifier.bias"}
    with pytest.raises(ValueError, match=r'shape \[256, 32\], this model\'s has \[256, 64\]: is "variant" the checkpoint\'s'):
        load_published(build_model({"variant": "b1"}, None), tmp_path)
    state = read_checkpoint(tmp_path) | {"decode_head.classifier.weight": torch.zeros(11, 256, 1, 1),
                                         "decode_head.classifier.bias": torch.zeros(11)}
    torch.save({k: v for k, v in state.items() if "linear_fuse" not in k}, tmp_path / "part.bin")
    with pytest.raises(ValueError, match="part.bin: lacks 1 tensors, such as decode_head.linear_fuse.weight"):
        load_published(build_model({"variant": "b0"}, None), tmp_path / "part.bin")
    torch.save({k: v for k, v in state.items() if "decode_head" not in k} | {"classifier.bias": torch.zeros(3)},
               tmp_path / "encoder.bin")
    fresh = load_published(build_model({"variant": "b0"}, None), tmp_path / "encoder.bin")
    assert all(k.startswith("decode_head.") for k in fresh)
    torch.save({**state, "neck.weight": torch.zeros(3)}, tmp_path / "more.bin")
    with pytest.raises(ValueError, match="more.bin: 1 tensors are not of this SegFormer, such as neck.weight"):
        load_published(build_model({"variant": "b0"}, None), tmp_path / "more.bin")


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
