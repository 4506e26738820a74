"""What the page's steps of the paper compute, by PyTorch and from formulas:
local response normalisation, max pooling, dropout in a small network, and the
error of networks that average their scores.

    python3 tests/golden/page_networks.py > tests/golden/page_networks.json
"""

import itertools
import json
from statistics import NormalDist

import torch
from torch.nn import functional as F

torch.manual_seed(1)
DOUBLE = torch.float64


def rounded(tensor):
    return [round(value, 9) for value in tensor.flatten().tolist()]


def normalisation():
    values = torch.randint(0, 400, (16,))
    channels = values.to(DOUBLE).reshape(1, 16, 1, 1)
    cases = []
    for size, alpha, beta, k, divided in [
        (5, 1e-4, 0.75, 2.0, False),
        (5, 1e-4, 0.75, 1.0, True),
        (3, 3e-4, 0.5, 0.5, True),
    ]:
        # PyTorch divides alpha by the size.
        result = F.local_response_norm(channels, size, alpha if divided else alpha * size, beta, k)
        constants = {"k": k, "n": size, "alpha": alpha, "beta": beta, "divided": divided}
        cases.append({"constants": constants, "results": rounded(result)})
    return {"values": values.tolist(), "cases": cases}


def pooling():
    digits = torch.randint(0, 10, (1, 1, 9, 9))
    pooled = {
        name: F.max_pool2d(digits.float(), size, 2).int().flatten().tolist()
        for name, size in [("overlapping", 3), ("plain", 2)]
    }
    return {"map": digits.flatten().tolist(), **pooled}


def dropout():
    widths = [6, 8, 8, 3]
    weights = [torch.randn(b, a, dtype=DOUBLE) for a, b in itertools.pairwise(widths)]
    biases = [torch.randn(b, dtype=DOUBLE) for b in widths[1:]]
    x = torch.rand(6, dtype=DOUBLE)

    def answer(first, second):
        a = torch.relu(F.linear(x, weights[0], biases[0])) * first
        b = torch.relu(F.linear(a, weights[1], biases[1])) * second
        return torch.softmax(F.linear(b, weights[2], biases[2]), dim=-1)

    dropped = 0.3
    masks = torch.tensor([[(mask >> unit) & 1 for unit in range(8)] for mask in range(256)], dtype=DOUBLE)
    odds = (masks * (1 - dropped) + (1 - masks) * dropped).prod(dim=1)
    mean = sum(odd * (odds[:, None] * answer(mask, masks)).sum(dim=0) for mask, odd in zip(masks, odds))
    mask = 0b1011_0010_0110_1101
    bits = torch.tensor([(mask >> unit) & 1 for unit in range(16)], dtype=DOUBLE)
    keep = torch.full((8,), 1 - dropped, dtype=DOUBLE)
    return {
        "network": {
            "input": x.tolist(),
            "weights": [w.tolist() for w in weights],
            "biases": [b.tolist() for b in biases],
        },
        "dropped": dropped,
        "mask": mask,
        "masked": rounded(answer(bits[:8], bits[8:])),
        "scaled": rounded(answer(keep, keep)),
        "mean": rounded(mean),
    }


def ensemble():
    """The mean of N scores with a variance of 1 and a correlation r has r + (1 - r) / N."""
    normal = NormalDist()
    return [
        {
            "error": error,
            "correlation": r,
            "average": [normal.cdf(normal.inv_cdf(error) / (r + (1 - r) / n) ** 0.5) for n in range(1, 21)],
        }
        for error, r in [(0.182, 0.75), (0.182, 0.0), (0.4, 0.3)]
    ]


print(
    json.dumps(
        {
            "normalisation": normalisation(),
            "pooling": pooling(),
            "dropout": dropout(),
            "ensemble": ensemble(),
        }
    )
)
