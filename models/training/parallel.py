"""Data-parallel training over processes of one thread each, started with `torchrun`.

On a busy or small CPU machine two processes that meet once per step are about twice as fast as one process
whose two threads meet at every operation.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Iterator

import torch
import torch.distributed as dist
from torch import nn


class Peers:
    """The processes of this run; alone when it was not started with `torchrun`."""

    def __init__(self) -> None:
        self.count = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        if self.count > 1 and not dist.is_initialized():
            dist.init_process_group("gloo")  # carries CPU and CUDA tensors alike

    def same_start(self, model: nn.Module) -> None:
        """Give every process the weights of the first."""
        if self.count > 1:
            for tensor in model.state_dict().values():
                dist.broadcast(tensor, 0)

    def agree(self, value: float) -> float:
        """The first process's value, for all."""
        if self.count == 1:
            return value
        shared = torch.tensor(value, dtype=torch.float64)
        dist.broadcast(shared, 0)
        return shared.item()

    @contextmanager
    def all_cores(self) -> Iterator[None]:
        """While the others wait for this process, as they do when it measures, it may use their cores."""
        own = torch.get_num_threads()
        torch.set_num_threads(own * self.count)
        try:
            yield
        finally:
            torch.set_num_threads(own)

    @torch.no_grad()
    def average_gradients(self, model: nn.Module) -> None:
        if self.count == 1:
            return
        # A loss stage, or a gate that is fully open, leaves parameters without a gradient, perhaps in some processes only.
        parameters = list(model.parameters())
        reached = torch.tensor([p.grad is not None for p in parameters], dtype=torch.int32)
        dist.all_reduce(reached)
        for p, by in zip(parameters, reached.tolist()):
            if by and p.grad is None:
                p.grad = torch.zeros_like(p)
        gradients = [p.grad for p in parameters if p.grad is not None]
        flat = torch.cat([g.reshape(-1) for g in gradients])
        dist.all_reduce(flat)
        flat /= self.count
        for g, part in zip(gradients, flat.split([g.numel() for g in gradients])):
            g.copy_(part.view_as(g))
