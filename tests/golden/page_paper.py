# Writes page_paper.json: what the steps of the paper on the page compute, by
# PyTorch and NumPy. Needs torch and numpy.
import json
from pathlib import Path

import numpy
import torch

RATE, MOMENTUM, DECAY = 0.01, 0.9, 0.0005

# The valley of www/paper/descent.js: (0.25 x² + 8 y²) / 2, from (-5, 1.6).
position = torch.tensor([-5.0, 1.6], dtype=torch.float64, requires_grad=True)
curvature = torch.tensor([0.25, 8.0], dtype=torch.float64)
optimizer = torch.optim.SGD([position], lr=RATE, momentum=MOMENTUM, weight_decay=DECAY)
path = [position.tolist()]
for _ in range(40):
    optimizer.zero_grad()
    ((curvature * position**2).sum() / 2).backward()
    optimizer.step()
    path.append(position.tolist())

# Colours that vary most along (2, 1, -1).
generator = numpy.random.default_rng(1)
along = generator.normal(0, 40, (64, 1)) * numpy.array([[2, 1, -1]]) / 6**0.5
colours = numpy.clip(numpy.round(128 + along + generator.normal(0, 9, (64, 3))), 0, 255)
values, vectors = numpy.linalg.eigh(numpy.cov(colours.T / 255, bias=True))

golden = {
    "descent": path,
    "colours": colours.astype(int).tolist(),
    "values": values[::-1].tolist(),
    "vectors": vectors.T[::-1].tolist(),
}
target = Path(__file__).with_suffix(".json")
target.write_text(json.dumps(golden) + "\n")
