#!/usr/bin/env python3
"""Makes models.json: the parameters of torchvision's networks, name and shape.

    python tests/golden/models.py
"""

import json
from pathlib import Path

from torchvision import models

networks = {
    "alexnet-torchvision": models.alexnet(),
    "squeezenet-1.0": models.squeezenet1_0(),
    "squeezenet-1.1": models.squeezenet1_1(),
}
expected = {
    name: [[key, list(value.shape)] for key, value in network.state_dict().items()]
    for name, network in networks.items()
}
lines = [f"  {json.dumps(name)}: {json.dumps(shapes)}" for name, shapes in expected.items()]
Path(__file__).with_suffix(".json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
