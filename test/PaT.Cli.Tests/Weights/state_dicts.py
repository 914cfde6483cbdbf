"""Writes the files of StateDictFileTests with PyTorch, each of 2 to 4 KB.

Debian: apt-get install python3-torch; python3 state_dicts.py. Written with PyTorch 1.13.

A value is a multiple of 1/64 below 4, so it is exact in half precision too. In views.pth fc.weight is a transposed view:
PyTorch writes the storage and the strides.
"""
import collections
import pathlib

import torch


def values(count, start):
    return (torch.arange(count, dtype=torch.float32) + start) / 64


def tensors(prefix=""):
    norm = {"weight": values(4, 5), "bias": values(4, 6), "running_mean": values(4, 7), "running_var": values(4, 64)}
    state = collections.OrderedDict()
    state[prefix + "conv1.weight"] = values(108, 12).view(4, 3, 3, 3)
    for name, value in norm.items():
        state[prefix + "bn1." + name] = value
    state[prefix + "bn1.num_batches_tracked"] = torch.tensor(17)
    state[prefix + "fc.weight"] = values(12, 3).view(3, 4)
    state[prefix + "fc.bias"] = values(3, 1)
    return state


folder = pathlib.Path(__file__).parent
torch.save(tensors(), folder / "plain.pth")
torch.save({"epoch": 3, "state_dict": tensors("module.")}, folder / "checkpoint.pth")
torch.save(collections.OrderedDict((k, v.half() if v.is_floating_point() else v) for k, v in tensors().items()),
           folder / "half.pth")
views = tensors()
views["fc.weight"] = values(12, 3).view(4, 3).t()
torch.save(views, folder / "views.pth")
torch.save(torch.nn.Linear(2, 2), folder / "module.pth")
torch.save(tensors(), folder / "legacy.pth", _use_new_zipfile_serialization=False)
