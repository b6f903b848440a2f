import pytest
import torch

from training.closed_form import calibrate, fit_gate, gate_levels, taps
from training.gating import Gate, GatingConfig, build_model

from .conftest import TINY, shake


def fitted(**gating) -> tuple[torch.nn.Module, torch.nn.Module, list[torch.Tensor]]:
    """A teacher, its calibrated student, and the batches that it was calibrated on."""
    teacher = shake(build_model(TINY, None))
    student = build_model(TINY, GatingConfig(**gating)).eval()
    student.load_state_dict(teacher.state_dict(), strict=False)
    batches = [torch.randn(4, 3, 64, 96) * torch.rand(4, 1, 1, 1) for _ in range(4)]
    calibrate(student, batches)
    return teacher, student, batches


def gap(teacher: torch.nn.Module, student: torch.nn.Module, x: torch.Tensor) -> float:
    with torch.no_grad():
        return (teacher(x) - student(x)).square().mean().sqrt().item()


def test_new_bases_and_means_leave_the_teacher_as_it_was():
    teacher, student, batches = fitted(keep_ratio=0.7)
    student.set_keep_ratio(1.0)
    for gate in student.gates():
        torch.nn.init.zeros_(gate.fc2.weight)  # every image gets the usual gate values
    with torch.no_grad():
        assert (teacher(batches[0]) - student(batches[0])).abs().max() < 1e-4


def test_pruned_neurons_say_their_means():
    _, student, batches = fitted(keep_ratio=1.0)
    for gate in student.gates():
        torch.nn.init.zeros_(gate.fc2.weight)
    block = student.segformer.encoder.block[1][0]
    with torch.no_grad(), taps([block]) as (seen,):
        student.features(torch.cat(batches))
    assert torch.allclose(block.mlp.gate.means, seen["h"].mean(dim=(0, 1, 2)), atol=1e-5)
    assert seen["mixed"].mean(dim=(0, 1, 2)).abs().max() < 1e-5, "of values it has moved into the output's bias"


@pytest.mark.parametrize("keep", [0.7, 0.4])
def test_a_fitted_student_is_nearer_to_its_teacher_than_zeros_and_chance(keep):
    teacher, student, batches = fitted(keep_ratio=keep)
    fresh = build_model(TINY, GatingConfig(keep)).eval()
    fresh.load_state_dict(teacher.state_dict(), strict=False)
    unseen = torch.randn(4, 3, 64, 96) * torch.rand(4, 1, 1, 1)
    assert gap(teacher, student, unseen) < 0.7 * gap(teacher, fresh, unseen)


def test_a_gate_foresees_energies_that_follow_from_its_input():
    gate, layer = Gate("gate.0.0.v", 16, 64, 1, 16, means=False), torch.nn.Linear(16, 64)
    pooled = torch.randn(200, 16)
    with torch.no_grad():
        summary = layer(gate.norm(pooled))
        energies = (summary[:, :2] @ torch.randn(2, 64) + torch.randn(64)).exp()
        levels = gate_levels(energies)
        fit_gate(gate, layer, pooled[:150], levels[:150])
        predicted = gate.fc2(torch.nn.functional.gelu(gate.fc1(summary)))
    unseen = slice(150, 200)
    left = (predicted - levels)[unseen].square().sum() / (levels - levels.mean(dim=0))[unseen].square().sum()
    assert left < 0.1


def test_static_gates_are_ordered_by_magnitude_and_weights_stay():
    teacher, student, batches = fitted(keep_ratio=1.0, static=True)
    assert gap(teacher, student, batches[0]) < 1e-5
    assert all(gate.scores.std() > 0 for gate in student.gates())
