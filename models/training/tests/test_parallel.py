import torch
import torch.multiprocessing as multiprocessing
from torch import nn

from training.parallel import Peers


def meet(rank: int, folder: str, port: int) -> None:
    import os

    os.environ |= {"WORLD_SIZE": "2", "RANK": str(rank), "MASTER_ADDR": "localhost", "MASTER_PORT": str(port)}
    peers, model = Peers(), nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1), nn.Linear(1, 1))
    for parameter in model[0].parameters():
        parameter.grad = torch.full_like(parameter, 1.0 + rank)
    if rank:  # this process alone reached the second layer, none the third
        for parameter in model[1].parameters():
            parameter.grad = torch.full_like(parameter, 6.0)
    peers.average_gradients(model)
    torch.save([None if p.grad is None else p.grad.unique().tolist() for p in model.parameters()], f"{folder}/{rank}.pt")


def test_gradients_are_averaged_also_where_one_process_has_none(tmp_path, unused_port):
    multiprocessing.spawn(meet, (str(tmp_path), unused_port), nprocs=2)
    for rank in range(2):
        assert torch.load(tmp_path / f"{rank}.pt") == [[1.5], [1.5], [3.0], [3.0], None, None]
