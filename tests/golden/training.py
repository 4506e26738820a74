"""Writes training.json: losses and final weights of 50 steps of PyTorch, for
`cifar-80sec` and `alexnet-small` (dropout off), from weights and pictures that
a hash of integers gives, so that nothing else need be stored.

Run: python tests/golden/training.py
"""

import json
import pathlib

import numpy
import torch
from torch import nn

STEPS, BATCHES = 50, 4


def hashed(values):
    """The PCG hash of `src/train/random.rs`, on numpy's u32."""
    state = values * numpy.uint32(747796405) + numpy.uint32(2891336453)
    word = ((state >> ((state >> numpy.uint32(28)) + numpy.uint32(4))) ^ state) * numpy.uint32(277803737)
    return (word >> numpy.uint32(22)) ^ word


def uniform(seed, stream, item, count):
    """From -1 to below 1, as `Random::new(seed, stream, item)` draws them."""
    with numpy.errstate(over="ignore"):
        key = hashed(numpy.array([seed], numpy.uint32))
        key = hashed(numpy.uint32(stream) + key)
        key = hashed(numpy.uint32(item) + key)
        bits = hashed(hashed(numpy.arange(count, dtype=numpy.uint32)) ^ key)
    return (bits >> numpy.uint32(8)).astype(numpy.float64) / 2**24 * 2 - 1


def pool(kind):
    return kind(3, 2, ceil_mode=True)


def cifar_80sec():
    return [
        ("conv1", nn.Conv2d(3, 32, 5, padding=2)), pool(nn.MaxPool2d), nn.ReLU(),
        ("conv2", nn.Conv2d(32, 32, 5, padding=2)), nn.ReLU(), pool(nn.AvgPool2d),
        ("conv3", nn.Conv2d(32, 64, 5, padding=2)), nn.ReLU(), pool(nn.AvgPool2d),
        nn.Flatten(), ("fc64", nn.Linear(1024, 64)), nn.ReLU(), ("fc10", nn.Linear(64, 10)),
    ]  # fmt: skip


def alexnet_small():
    norm = nn.LocalResponseNorm(5, 1e-4, 0.75, 1.0)
    return [
        ("conv1", nn.Conv2d(3, 48, 5, padding=2)), nn.ReLU(), norm, pool(nn.MaxPool2d),
        ("conv2", nn.Conv2d(48, 96, 5, padding=2, groups=2)), nn.ReLU(), norm, pool(nn.MaxPool2d),
        ("conv3", nn.Conv2d(96, 128, 3, padding=1)), nn.ReLU(),
        ("conv4", nn.Conv2d(128, 128, 3, padding=1, groups=2)), nn.ReLU(),
        ("conv5", nn.Conv2d(128, 96, 3, padding=1, groups=2)), nn.ReLU(), pool(nn.MaxPool2d),
        nn.Flatten(), ("fc6", nn.Linear(1536, 256)), nn.ReLU(),
        ("fc7", nn.Linear(256, 256)), nn.ReLU(), ("fc8", nn.Linear(256, 10)),
    ]  # fmt: skip


def run(name, layers, batch, rate, dtype=torch.float32):
    named = dict(layer for layer in layers if isinstance(layer, tuple))
    model = nn.Sequential(*(layer[1] if isinstance(layer, tuple) else layer for layer in layers)).to(dtype)
    parameters = {f"{layer}.{role}": p for layer, m in named.items() for role, p in m.named_parameters()}
    with torch.no_grad():
        for item, (parameter, tensor) in enumerate(parameters.items()):
            # A third of the variance of He, so that the losses start near ln 10;
            # biases from -0.1 to 0.1.
            scale = (2 / tensor[0].numel()) ** 0.5 if "weight" in parameter else 0.1
            values = uniform(1, 1, item, tensor.numel()) * scale
            tensor.copy_(torch.from_numpy(values.astype(numpy.float32)).reshape(tensor.shape))
    images = uniform(1, 3, 0, BATCHES * batch * 32 * 32 * 3).astype(numpy.float32)
    images = torch.from_numpy(images).to(dtype).reshape(BATCHES, batch, 32, 32, 3).permute(0, 1, 4, 2, 3)
    labels = torch.tensor([(7 * i + 3) % 10 for i in range(BATCHES * batch)]).reshape(BATCHES, batch)
    optimizer = torch.optim.SGD(parameters.values(), lr=rate, momentum=0.9, weight_decay=0.004)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images[step % BATCHES]), labels[step % BATCHES])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(name, losses[0], losses[-1])
    weights = {
        parameter: {"norm": tensor.norm().item(), "some": tensor.flatten()[:: max(1, tensor.numel() // 16)].tolist()}
        for parameter, tensor in parameters.items()
    }
    return {"network": name, "batch": batch, "rate": rate, "losses": losses, "weights": weights}


def well_conditioned(name, network, batch, rate):
    """A run whose rate is small enough for rounding to stay rounding: where steps
    are so large that units die or windows change their maximum, any two orders of
    summation part ways."""
    single, double = (run(name, network(), batch, rate, dtype) for dtype in (torch.float32, torch.float64))
    apart = max(abs(s / d - 1) for s, d in zip(single["losses"], double["losses"]))
    assert apart < 5e-5, f"{name}: single and double precision are {apart:.1e} apart"
    return single


target = pathlib.Path(__file__).with_name("training.json")
runs = [
    well_conditioned("cifar-80sec", cifar_80sec, 8, 0.03),
    well_conditioned("alexnet-small", alexnet_small, 8, 0.003),
]
target.write_text(json.dumps(runs, indent=1) + "\n")
