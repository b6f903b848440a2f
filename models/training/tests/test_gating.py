import pytest
import torch

from training.gating import GatingConfig, build_model, kept_count

from .conftest import TINY, shake, tiny_student


def test_kept_count_rounds_half_up_and_keeps_one():
    assert [kept_count(32, 0.7), kept_count(128, 0.7), kept_count(10, 0.25), kept_count(4, 0.01)] == [22, 90, 3, 1]


@pytest.mark.parametrize("keep", [0.3, 0.7])
def test_top_r_per_image_and_per_head(keep):
    model = tiny_student(keep)
    x = torch.randn(3, 4, 5, 32)
    for gate in model.gates():
        if not gate.name.startswith("gate.1"):
            continue
        block = model.segformer.encoder.block[1][0]
        layer = block.mlp.dense1 if gate.name.endswith("ffn") else getattr(block.attention, "self").query
        kept = gate.mask(x, layer)[:, 0, 0] != 0
        per_head = kept.unflatten(1, (gate.groups, -1)).sum(-1)
        assert (per_head == kept_count(gate.neurons // gate.groups, keep)).all()
    assert not torch.equal(kept[0], kept[1]), "the choice depends on the image"


def test_gradients_reach_the_predictor():
    model = tiny_student().train()
    model(torch.randn(2, 3, 64, 64)).square().mean().backward()
    for gate in model.gates():
        assert (gate.means is not None) == gate.name.endswith("ffn")
        for name, p in gate.named_parameters():
            assert p.grad is not None and p.grad.abs().sum() > 0, f"{gate.name} {name}"
        assert (gate.fc2.bias.grad != 0).float().mean() > 0.9, "pruned neurons get the straight-through gradient"


def test_pruned_neurons_do_not_matter_bit_for_bit():
    """Overwrite every weight of the neurons an image does not use: its logits must not change by one bit."""
    model, x = tiny_student(0.5), torch.randn(1, 3, 64, 64)
    seen: dict[str, torch.Tensor] = {}
    for gate in model.gates():
        original = gate.mask

        def remember(tokens, layer, gate=gate, original=original):
            seen[gate.name] = original(tokens, layer)
            return seen[gate.name]

        gate.mask = remember
    with torch.no_grad():
        for gate in model.gates():
            if gate.means is not None:
                gate.means.zero_()  # else the reader's columns matter by what the pruned neurons say instead
        before = model(x)
        for gate in model.gates():
            gate.mask = lambda tokens, layer, fixed=seen[gate.name]: fixed
        for blocks in model.segformer.encoder.block:
            for block in blocks:
                core, mlp = getattr(block.attention, "self"), block.mlp
                off = lambda gate: seen[gate.name].flatten() == 0
                qk, v, ffn = off(block.attention.gate_qk), off(block.attention.gate_v), off(mlp.gate)
                assert qk.any() and v.any() and ffn.any()
                for layer, rows in ((core.query, qk), (core.key, qk), (core.value, v), (mlp.dense1, ffn)):
                    layer.weight[rows] = 7.0
                    layer.bias[rows] = -7.0
                block.attention.output.dense.weight[:, v] = 7.0
                mlp.dense2.weight[:, ffn] = 7.0
                mlp.dwconv.dwconv.weight[ffn] = 7.0
                mlp.dwconv.dwconv.bias[ffn] = 7.0
        assert torch.equal(model(x), before)


def test_open_gates_at_one_are_the_teacher():
    teacher = shake(build_model(TINY, None))
    student = build_model(TINY, GatingConfig(1.0)).eval()
    student.load_state_dict(teacher.state_dict(), strict=False)
    for gate in student.gates():
        torch.nn.init.zeros_(gate.fc2.weight)
    x = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        assert (student(x) - teacher(x)).abs().max() < 1e-5


def test_predictors_add_about_an_eighth():
    plain = sum(p.numel() for p in build_model({"variant": "b0"}, None).parameters())
    gated = sum(p.numel() for p in build_model({"variant": "b0"}, GatingConfig()).parameters())
    assert 0.09 < gated / plain - 1 < 0.14
    with pytest.raises(ValueError, match="1.2"):
        build_model(TINY, GatingConfig(1.2))


def test_static_gates_keep_the_greatest_magnitudes_for_every_image():
    model = build_model(TINY, GatingConfig(0.5, static=True)).eval()
    mlp = model.segformer.encoder.block[0][0].mlp
    with torch.no_grad():
        mlp.dense1.weight.copy_(torch.arange(1.0, 65.0)[:, None].expand(64, 16))
        mlp.dense2.weight.fill_(1)
        mlp.dwconv.dwconv.weight.fill_(1)
    model.score_by_magnitude()
    kept = [mlp.gate.mask(torch.randn(1, 4, 5, 16), mlp.dense1).flatten() for _ in range(2)]
    assert torch.equal(kept[0], kept[1]) and torch.equal(kept[0], (torch.arange(64) >= 32).float())
    assert model(torch.randn(2, 3, 64, 64)).shape == (2, 3, 16, 16) and model.gate_l1() == 0


def test_gates_of_a_part_can_be_left_out():
    kinds = lambda **off: {g.name.split(".")[-1] for g in build_model(TINY, GatingConfig(**off)).gates()}
    assert kinds() == {"qk", "v", "ffn"} and kinds(attention=False) == {"ffn"} and kinds(ffn=False) == {"qk", "v"}
