import math

import pytest
import torch

from training.distill import (DistillConfig, Distiller, annealed_keep, feature_loss, hard_cross_entropy,
                              soft_cross_entropy)
from training.data import IGNORE
from training.metrics import confusion, iou
from training.optim import cosine_lr


def test_annealing_is_linear_then_flat():
    steps = [annealed_keep(0.7, t, 0.25) for t in (0, 0.125, 0.25, 0.9)]
    assert steps == pytest.approx([1.0, 0.85, 0.7, 0.7])
    assert annealed_keep(0.5, 0.0, 0.0) == 0.5


@pytest.mark.parametrize("power, mean", [(1.0, 0.25 + 0.75 / 2), (2.0, 0.25 + 0.75 / 3)])
def test_the_ratio_is_sampled_between_its_least_and_one(power, mean):
    config = DistillConfig("teacher.pt", anneal_share=0.1, min_keep=0.25, sample_share=1.0, sample_power=power)
    distiller = Distiller(config, lambda _: (torch.nn.Identity(), {}), torch.device("cpu"))
    keeps = [distiller.keep_at(0.7, 0.5) for _ in range(4000)]
    assert 0.25 <= min(keeps) and max(keeps) <= 1
    assert sum(keeps) / len(keeps) == pytest.approx(mean, abs=0.02)  # E[u^p] = 1 / (p + 1)
    assert min(distiller.keep_at(0.7, 0.0) for _ in range(100)) >= 0.55  # annealed: as far below 1 as below the target


def test_feature_loss_by_hand():
    student = [torch.tensor([1.0, 3.0]), torch.tensor([2.0])]
    teacher = [torch.tensor([0.0, 1.0]), torch.tensor([5.0])]
    assert feature_loss(student, teacher).item() == pytest.approx((1 + 4) / 2 + 9)


def test_soft_cross_entropy_by_hand():
    student = torch.tensor([0.0, math.log(3.0)]).view(1, 2, 1, 1)  # q = 1/4, 3/4
    teacher = torch.tensor([0.0, 0.0]).view(1, 2, 1, 1)  # p = 1/2, 1/2
    expected = -(0.5 * math.log(0.25) + 0.5 * math.log(0.75))
    assert soft_cross_entropy(student, teacher, 1.0).item() == pytest.approx(expected, rel=1e-6)
    q = 1 / (1 + math.sqrt(3.0))
    expected = -4 * 0.5 * (math.log(q) + math.log(1 - q))
    assert soft_cross_entropy(student, teacher, 2.0).item() == pytest.approx(expected, rel=1e-6)


def test_hard_cross_entropy_weights_and_ignores():
    logits = torch.tensor([0.0, math.log(3.0)]).view(1, 2, 1, 1).expand(1, 2, 1, 3)
    labels = torch.tensor([[[0, 1, IGNORE]]])
    expected = (2 * -math.log(0.25) + 1 * -math.log(0.75)) / 3
    assert hard_cross_entropy(logits, labels, torch.tensor([2.0, 1.0])).item() == pytest.approx(expected, rel=1e-6)


def test_pixel_weights_multiply_the_class_weights():
    logits = torch.tensor([0.0, math.log(3.0)]).view(1, 2, 1, 1).expand(1, 2, 1, 4)
    labels = torch.tensor([[[0, 1, IGNORE, 1]]])
    classes = torch.tensor([2.0, 1.0])
    pixels = torch.tensor([[[0.5, 3.0, 9.0, 0.0]]])
    expected = (2 * 0.5 * -math.log(0.25) + 1 * 3 * -math.log(0.75)) / (2 * 0.5 + 1 * 3)
    assert hard_cross_entropy(logits, labels, classes, pixels).item() == pytest.approx(expected, rel=1e-6)
    ones = torch.ones_like(pixels)
    assert hard_cross_entropy(logits, labels, classes, ones).item() == pytest.approx(
        hard_cross_entropy(logits, labels, classes).item(), rel=1e-6)
    assert hard_cross_entropy(logits, labels, classes, ones * 0).item() == 0


def test_confusion_and_iou_by_hand():
    truth = torch.tensor([0, 0, 1, 1, IGNORE]).numpy()
    predicted = torch.tensor([0, 1, 1, 1, 0]).numpy()
    matrix = confusion(truth, predicted, 3)
    assert matrix.tolist() == [[1, 1, 0], [0, 2, 0], [0, 0, 0]]
    values = iou(matrix)
    assert values[:2] == pytest.approx([1 / 2, 2 / 3]) and math.isnan(values[2])


def test_learning_rate():
    assert cosine_lr(0, 100, 1.0, 10) == pytest.approx(0.1)
    assert cosine_lr(10, 100, 1.0, 10) == pytest.approx(1.0)
    assert cosine_lr(100, 100, 1.0, 10, 0.05) == pytest.approx(0.05)
