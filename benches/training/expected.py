"""Writes expected.json: the loss before each of 16 training steps of network.js
on its one batch, by PyTorch. Needs torch and numpy."""

import json
import pathlib
import sys

import torch
from torch.nn import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU

here = pathlib.Path(__file__).parent
sys.path.append(str(here.parent))
import seeded

pool = {"kernel_size": 3, "stride": 2, "ceil_mode": True}
network = torch.nn.Sequential(
    Conv2d(3, 32, 5, padding=2), MaxPool2d(**pool), ReLU(),
    Conv2d(32, 32, 5, padding=2), ReLU(), AvgPool2d(**pool),
    Conv2d(32, 64, 5, padding=2), ReLU(), AvgPool2d(**pool),
    Flatten(), Linear(1024, 10),
).double()
with torch.no_grad():
    for index, values in enumerate(network.parameters()):
        values.copy_(torch.from_numpy(seeded.parameter(index, tuple(values.shape))))

pixels = torch.from_numpy(seeded.integers(seeded.INPUT, 128 * 3 * 32 * 32, 256)).reshape(128, 3, 32, 32).double()
each = {"dim": (0, 2, 3), "keepdim": True}
images = (pixels - pixels.mean(**each)) / pixels.std(**each, correction=0)
labels = torch.from_numpy(seeded.integers(seeded.LABELS, 128, 10))
optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)
losses = []
for _ in range(16):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(network(images), labels)
    loss.backward()
    optimizer.step()
    losses.append(round(loss.item(), 6))

(here / "expected.json").write_text(json.dumps(losses) + "\n")
print(losses)
