#!/usr/bin/env python3
"""Makes networks.safetensors: PyTorch's logits for whole networks.

    python tests/golden/networks.py [compressed_SqueezeNet.net]

Weights and inputs come from a seed (`seeded`, and tests/support/seeded.rs), so
that no large file is committed. A tensor is named by its model and case:

- `f32`: the seeded weights; `f16`: the same, rounded to 16 bits
- `codes`: the weights of the file that deep_compression.py writes (and of the
  published one, where its path is given, on chelsea.png as Pillow prepares it)
"""

import sys
import tempfile
from pathlib import Path

import deep_compression
import numpy as np
import preprocess
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import nn
from torchvision import models


def seeded(name, shape, scale):
    """Uniform numbers between -scale and scale, other for each name."""
    seed = np.uint32(2166136261)
    with np.errstate(over="ignore"):
        for byte in name.encode():
            seed = (seed ^ np.uint32(byte)) * np.uint32(16777619)
        bits = np.arange(np.prod(shape), dtype=np.uint32) * np.uint32(0x9E3779B9) + seed
        bits = (bits ^ bits >> 16) * np.uint32(0x85EBCA6B)
        bits = (bits ^ bits >> 13) * np.uint32(0xC2B2AE35)
        bits = bits ^ bits >> 16
    unit = (bits >> 8).astype(np.float32) / np.float32(2**23) - np.float32(1)
    return (unit * np.float32(scale)).reshape(shape)


def weight_scale(shape):
    """He's uniform initialisation keeps the values of deep layers alive."""
    fan_in = np.prod(shape[1:])
    return np.float32(np.sqrt(6 / fan_in)) if len(shape) > 1 else np.float32(0.1)


def caffe_alexnet():
    """models/bvlc_alexnet/deploy.prototxt."""
    norm = lambda: nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1)
    pool = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)
    return nn.Sequential(
        nn.Conv2d(3, 96, 11, 4), nn.ReLU(), norm(), pool(),
        nn.Conv2d(96, 256, 5, padding=2, groups=2), nn.ReLU(), norm(), pool(),
        nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 384, 3, padding=1, groups=2), nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1, groups=2), nn.ReLU(), pool(),
        nn.Flatten(),
        nn.Linear(9216, 4096), nn.ReLU(),
        nn.Linear(4096, 4096), nn.ReLU(),
        nn.Linear(4096, 1000),
    )


def caffe_squeezenet_1_0():
    """As torchvision's, but with the padding of SqueezeNet_deploy.prototxt."""
    network = models.squeezenet1_0()
    network.classifier[1].padding = (1, 1)
    return network


# The network, the names of its layers in our order, the side of its input.
FIRES = range(2, 10)
SQUEEZENET_1_0 = ["conv1"]
SQUEEZENET_1_1 = ["conv1"]
for fire in FIRES:
    SQUEEZENET_1_0 += [f"fire{fire}/{part}" for part in ("conv1x1_1", "conv1x1_2", "conv3x3_2")]
    SQUEEZENET_1_1 += [f"fire{fire}/{part}" for part in ("squeeze1x1", "expand1x1", "expand3x3")]
NETWORKS = {
    "alexnet": (caffe_alexnet, [name for name, _ in deep_compression.ALEXNET], 227),
    "alexnet-torchvision": (models.alexnet, None, 224),
    "squeezenet-1.0": (caffe_squeezenet_1_0, SQUEEZENET_1_0 + ["conv_final"], 227),
    "squeezenet-1.1": (models.squeezenet1_1, SQUEEZENET_1_1 + ["conv10"], 227),
}


def logits(model, weights, x=None):
    """The network's answer in double precision; `weights(name, shape)` fills it."""
    build, layers, side = NETWORKS[model]
    network = build().double().eval()
    with torch.no_grad():
        for index, (key, parameter) in enumerate(network.named_parameters()):
            name = key if layers is None else f"{layers[index // 2]}.{key.split('.')[-1]}"
            values = weights(name, tuple(parameter.shape))
            parameter.copy_(torch.from_numpy(np.array(values)))
        if x is None:
            x = seeded("input", (side, side, 3), 1)
        x = torch.from_numpy(np.array(x)).double().permute(2, 0, 1)[None]
        return network(x)[0].float()


def as_f32(name, shape):
    return seeded(name, shape, weight_scale(shape))


def as_f16(name, shape):
    return as_f32(name, shape).astype(np.float16)


def main(published=None):
    tensors = {f"{model} f32": logits(model, as_f32) for model in NETWORKS}
    tensors |= {f"{model} f16": logits(model, as_f16) for model in NETWORKS}

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "alexnet.net"
        deep_compression.write(path)
        decoded = deep_compression.decode(path)
    tensors["alexnet codes"] = logits("alexnet", lambda name, _: decoded[name])

    if published:
        decoded = deep_compression.decode(published)
        image = Image.open(Path(__file__).parents[2] / "www/samples/chelsea.png").convert("RGB")
        crop = np.array(preprocess.crop(image, "squeeze", 256, 227, 227), np.float32)
        x = crop[..., ::-1] - np.float32([104, 117, 123])
        tensors["squeezenet-1.0 codes"] = logits("squeezenet-1.0", lambda name, _: decoded[name], x)

    save_file(tensors, Path(__file__).with_suffix(".safetensors"))
    for name, values in tensors.items():
        top = values.topk(6)
        print(name, top.indices.tolist(), [round(v, 4) for v in top.values.tolist()])


if __name__ == "__main__":
    main(*sys.argv[1:])
