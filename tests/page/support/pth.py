#!/usr/bin/env python3
"""Writes the tensors of a safetensors file as `torch.save` would.

    python pth.py IN.safetensors OUT.pth

The standard library suffices: a pickle that names PyTorch's classes, and a zip
archive, its entries stored, streamed (sizes behind the bytes) and aligned to 64.
"""

import io
import json
import pickle
import struct
import sys
import types
import zipfile
from collections import OrderedDict

ALIGNMENT = 64


class Tensor:
    """Stands for a contiguous tensor of 32-bit floats in a storage of its own."""

    def __init__(self, key, shape):
        self.storage = Storage(key, product(shape))
        self.shape = tuple(shape)

    def __reduce__(self):
        strides = tuple(product(self.shape[i + 1 :]) for i in range(len(self.shape)))
        hooks = OrderedDict()
        return TORCH_UTILS._rebuild_tensor_v2, (self.storage, 0, self.shape, strides, False, hooks)


class Storage:
    def __init__(self, key, elements):
        self.persistent_id = ("storage", TORCH.FloatStorage, key, "cpu", elements)


class Pickler(pickle.Pickler):
    def persistent_id(self, value):
        return getattr(value, "persistent_id", None) if isinstance(value, Storage) else None


def product(sizes):
    result = 1
    for size in sizes:
        result *= size
    return result


def stand_in(module, name, thing):
    """A module whose `name` pickles as PyTorch's."""
    sys.modules[module] = types.ModuleType(module)
    thing.__module__, thing.__qualname__ = module, name
    setattr(sys.modules[module], name, thing)
    return sys.modules[module]


TORCH = stand_in("torch", "FloatStorage", type("FloatStorage", (), {}))
TORCH_UTILS = stand_in("torch._utils", "_rebuild_tensor_v2", lambda: None)


class Stream:
    """A file that cannot seek, so that zipfile writes as PyTorch does."""

    def __init__(self, file):
        self.write, self.flush = file.write, file.flush


def add(archive, name, bytes):
    entry = zipfile.ZipInfo(f"archive/{name}")
    start = archive.fp.tell() + zipfile.sizeFileHeader + len(entry.filename) + 4
    padding = -start % ALIGNMENT
    entry.extra = struct.pack("<2sH", b"FB", padding) + b"Z" * padding
    archive.writestr(entry, bytes)


def main(source, target):
    with open(source, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        tensors = json.loads(file.read(length))
        state = OrderedDict()
        for key, (name, tensor) in enumerate(tensors.items()):
            state[name] = Tensor(str(key), tensor["shape"])
        with open(target, "wb") as out, zipfile.ZipFile(Stream(out), "w") as archive:
            add(archive, "byteorder", b"little")
            pickled = io.BytesIO()
            Pickler(pickled, protocol=2).dump(state)
            add(archive, "data.pkl", pickled.getvalue())
            for key, tensor in enumerate(tensors.values()):
                start, end = tensor["data_offsets"]
                file.seek(8 + length + start)
                add(archive, f"data/{key}", file.read(end - start))
            add(archive, "version", b"3\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
