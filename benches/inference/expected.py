"""Writes expected.json: the logits of torchvision's AlexNet on the seeded
weights and two inputs, by PyTorch. Needs torch, torchvision and numpy."""

import json
import pathlib
import sys

import numpy as np
import torch
import torchvision

here = pathlib.Path(__file__).parent
sys.path.append(str(here.parent))
import seeded

network = torchvision.models.alexnet().eval().double()
with torch.no_grad():
    for index, values in enumerate(network.parameters()):
        values.copy_(torch.from_numpy(seeded.parameter(index, tuple(values.shape))))
    images = [seeded.uniform(seeded.INPUT + i, 3 * 224 * 224, 3**0.5).reshape(3, 224, 224) for i in range(2)]
    logits = network(torch.tensor(np.stack(images)).double())

rounded = [[round(value, 6) for value in row] for row in logits.tolist()]
(here / "expected.json").write_text(json.dumps(rounded, separators=(",", ":")) + "\n")
print(f"largest {logits.abs().max():.3f}, deviation {logits.std():.3f}")
