#!/usr/bin/env python3
"""Makes inside_page.json: what PyTorch finds in SqueezeNet 1.1 of a photo.

    python tests/golden/inside_page.py

The weights are those that come with the page, the photo is chelsea.png, prepared
by Pillow as Caffe does.
"""

import json
from pathlib import Path

import numpy as np
import preprocess
import torch
from networks import NETWORKS
from PIL import Image
from safetensors.torch import load_file
from torch.nn import functional as F

ROOT = Path(__file__).parents[2]
# torchvision's number of a layer's module: after fire2, fire9 and conv10's ReLU.
LAYERS = {"fire2/concat": ("features", 3), "fire9/concat": ("features", 12)}


def main():
    build, names, side = NETWORKS["squeezenet-1.1"]
    weights = load_file(ROOT / "models/squeezenet-1.1.safetensors")
    network = build()
    with torch.no_grad():
        for index, (key, parameter) in enumerate(network.named_parameters()):
            parameter.copy_(weights[f"{names[index // 2]}.{key.split('.')[-1]}"].float())
    network = network.double().eval()

    image = Image.open(ROOT / "www/samples/chelsea.png").convert("RGB")
    crop = np.array(preprocess.crop(image, "squeeze", 256, side, side), np.float64)
    x = torch.from_numpy(crop[..., ::-1] - np.array([103.939, 116.779, 123.68])).permute(2, 0, 1)[None]
    x.requires_grad_()

    kept = {}
    for name, (part, number) in LAYERS.items():
        def keep(_, __, value, name=name):
            value.retain_grad()
            kept[name] = value

        getattr(network, part)[number].register_forward_hook(keep)
    logits = network(x)[0]
    best = int(logits.argmax())
    logits[best].backward()

    result = {"class": best, "logit": logits[best].item()}
    result["probability"] = logits.softmax(0)[best].item()
    for name, value in kept.items():
        weight = value.grad.mean((2, 3), keepdim=True)
        cam = F.relu((value * weight).sum(1))[0].detach()
        result[name] = {"shape": list(cam.shape), "sum": cam.sum().item(), "largest": cam.max().item()}
        if cam.numel() < 200:
            result[name]["map"] = [float(f"{v:.6g}") for v in cam.flatten().tolist()]
    gradient = x.grad[0].permute(1, 2, 0)
    result["saliency"] = {
        "largest": gradient.abs().max().item(),
        "row": [float(f"{v:.6g}") for v in gradient[113, 100:110].flatten().tolist()],
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(result) + "\n")
    print(path.read_text()[:900])


main()
