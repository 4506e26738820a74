"""Writes weights/: small files of every format, and what PyTorch reads in them.

Run with torch, numpy and safetensors installed: python tests/golden/weights.py
"""

import json
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import save_file

HERE = Path(__file__).parent / "weights"


def expect(name, tensors):
    """Shape and values of every tensor, in the order of the dictionary."""
    listing = {
        key: {"shape": list(value.shape), "values": value.float().flatten().tolist()}
        for key, value in tensors.items()
    }
    (HERE / f"{name}.json").write_text(json.dumps(listing, indent=1) + "\n")


def save_legacy(value, path):
    torch.save(value, path, _use_new_zipfile_serialization=False)


def element_types():
    torch.manual_seed(1)
    tensors = OrderedDict()
    tensors["features.0.weight"] = torch.randn(2, 3, 3, 2)
    tensors["features.0.bias"] = torch.randn(2).half()
    tensors["classifier.weight"] = torch.randn(3, 5).bfloat16()
    tensors["classifier.bias"] = torch.tensor([0.0, -0.0, 1e-7]).half()
    tensors["scalar"] = torch.tensor(2.5)
    tensors["empty"] = torch.zeros(0, 4)
    expect("element_types", tensors)
    tensors["features.1.num_batches_tracked"] = torch.tensor(7)
    tensors["double"] = torch.tensor([1.0], dtype=torch.float64)
    save_file(tensors, HERE / "element_types.safetensors")
    torch.save(tensors, HERE / "element_types.pth")
    save_legacy(tensors, HERE / "element_types_legacy.pth")


def views():
    """Tensors that share storages or do not stand in order, nested as in a
    checkpoint of a training run."""
    torch.manual_seed(2)
    base = torch.randn(5, 6)
    tensors = OrderedDict()
    tensors["whole"] = base
    tensors["transposed"] = base.t()
    tensors["column"] = base[:, 2]
    tensors["block"] = base[1:4, 2:5]
    tensors["channels_last"] = torch.randn(2, 3, 4, 5).contiguous(
        memory_format=torch.channels_last
    )
    tensors["permuted"] = torch.randn(2, 3, 4, 5).half().permute(3, 0, 2, 1)
    tensors["parameter"] = torch.nn.Parameter(torch.randn(3))
    expect("views", tensors)
    optimizer = torch.optim.SGD([tensors["parameter"]], lr=0.1, momentum=0.9)
    checkpoint = {
        "epoch": 3,
        "loss": 0.5,
        "optimizer": optimizer.state_dict(),
        "state_dict": tensors,
    }
    torch.save(checkpoint, HERE / "views.pth")
    save_legacy(checkpoint, HERE / "views_legacy.pth")


def refused():
    """Well-formed files that ask for what is not supported."""
    torch.save(torch.nn.Linear(2, 1), HERE / "whole_module.pth")
    torch.save({"weight": torch.zeros(1).expand(1000)}, HERE / "expanded.pth")
    torch.save([torch.zeros(1)], HERE / "list.pth")


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    element_types()
    views()
    refused()
