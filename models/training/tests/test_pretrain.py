"""Images cut together in pairs, for pretraining."""

import torch

from training.pretrain import cutmix


def test_labels_share_a_picture_as_its_area_is_shared():
    generator = torch.Generator().manual_seed(3)
    labels = torch.arange(6)
    images = labels.float().view(6, 1, 1, 1).expand(6, 3, 16, 24).contiguous()
    shares = []
    for _ in range(20):
        mixed, pasted, own = cutmix(images, labels, generator)
        for image, label, other in zip(mixed, labels, pasted):
            if label != other:
                assert (image == label).float().mean().item() == torch.tensor(own).item()
            assert ((image == label) | (image == other)).all()
        shares.append(own)
    assert torch.equal(images[:, 0, 0, 0], labels.float())  # what was given is as it was
    assert 0 <= min(shares) < 0.4 and 0.6 < max(shares) <= 1


def test_the_same_generator_cuts_the_same():
    images, labels = torch.rand(4, 3, 8, 8), torch.arange(4)
    first, again = (cutmix(images, labels, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(first[0], again[0]) and torch.equal(first[1], again[1]) and first[2] == again[2]
