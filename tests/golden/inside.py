#!/usr/bin/env python3
"""Makes inside.safetensors: what PyTorch finds inside a small seeded network.

    python tests/golden/inside.py

The network has every kind of layer that the page looks into; tests/inside/mod.rs
builds the same. Weights and input come from a seed (networks.py). Maps are
stored channels last. All is computed in double precision.
"""

from pathlib import Path

import torch
from networks import seeded, weight_scale
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

CLASS = 2
SIDE = 29  # plain pools and overlapping ones give maps of one size


class GuidedRelu(torch.autograd.Function):
    """Springenberg et al. 2015: what is negative on its way back is dropped too."""

    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(context, dy):
        (x,) = context.saved_tensors
        return dy.clamp(min=0) * (x > 0)


class Network(nn.Module):
    def __init__(self, relu=F.relu, dense=False, plain=False, normalised=True):
        super().__init__()
        self.plain = plain
        self.normalised = normalised
        self.relu = relu
        self.dense = dense
        self.conv1 = nn.Conv2d(3, 12, 7, 2, padding=1)
        self.norm1 = nn.LocalResponseNorm(5, alpha=0.5, beta=0.75, k=1)
        self.conv2 = nn.Conv2d(12, 16, 5, padding=2, groups=2)
        self.squeeze = nn.Conv2d(16, 6, 1)
        self.expand1x1 = nn.Conv2d(6, 8, 1)
        self.expand3x3 = nn.Conv2d(6, 8, 3, padding=1)
        self.fc6 = nn.Linear(144, 24)
        self.fc7 = nn.Linear(24, 20)
        self.fc8 = nn.Linear(20, 10)

    def max_pool(self, x, ceil_mode=False):
        # The mean depends on all that the maximum may depend on.
        pool = F.avg_pool2d if self.dense else F.max_pool2d
        return pool(x, 2 if self.plain else 3, 2, ceil_mode=ceil_mode)

    def forward(self, x):
        values = {"input": x}

        def keep(name, value):
            values[name] = value
            if value.requires_grad and not value.is_leaf:
                value.retain_grad()
            return value

        x = keep("conv1", self.conv1(x))
        x = keep("relu1", self.relu(x))
        x = keep("norm1", self.norm1(x) if self.normalised else x)
        x = keep("pool1", self.max_pool(x))
        x = keep("conv2", self.conv2(x))
        x = keep("relu2", self.relu(x))
        skip = x
        x = keep("squeeze", self.squeeze(x))
        x = keep("relu_squeeze", self.relu(x))
        narrow = keep("relu_expand1x1", self.relu(keep("expand1x1", self.expand1x1(x))))
        wide = keep("relu_expand3x3", self.relu(keep("expand3x3", self.expand3x3(x))))
        x = keep("concat", torch.cat([narrow, wide], 1))
        x = keep("add", x + skip)
        x = keep("pool2", F.avg_pool2d(x, 3, 1, padding=1, count_include_pad=False))
        x = keep("pool3", self.max_pool(x, ceil_mode=True))
        x = keep("flatten", x.flatten(1))
        x = keep("relu6", self.relu(keep("fc6", self.fc6(x))))
        x = keep("relu7", self.relu(keep("fc7", self.fc7(x))))
        keep("fc8", self.fc8(x))
        return values


def network(**options):
    made = Network(**options).double().eval()
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            shape = tuple(parameter.shape)
            parameter.copy_(torch.from_numpy(seeded(name, shape, weight_scale(shape))))
    return made


def last(value):
    """Channels last, without the batch."""
    value = value[0].detach()
    return (value.permute(1, 2, 0) if value.dim() == 3 else value).float().contiguous()


def gradients(made, x, target):
    """Values, and the gradients of target(values) in all of them."""
    x = x.clone().requires_grad_()
    values = made(x)
    target(values).backward()
    return values, {name: value.grad for name, value in values.items()}


def grad_cam(values, grads, layer):
    """Selvaraju et al. 2017: the maps, weighted by their mean gradient."""
    weights = grads[layer].mean((2, 3))
    return last(F.relu((values[layer] * weights[..., None, None]).sum(1, keepdim=True)))[..., 0]


def without_tower(tower):
    """Zero weights and biases for the half of the outputs of each convolution."""
    made = network()
    for layer in made.children():
        if isinstance(layer, nn.Conv2d):
            half = layer.out_channels // 2
            own = slice(0, half) if tower == 0 else slice(half, None)
            with torch.no_grad():
                layer.weight[own] = 0
                layer.bias[own] = 0
    return made


def apart():
    """Convolutions of one group see the half of the inputs that is their outputs'."""
    made = network()
    for layer in list(made.children())[1:]:
        if isinstance(layer, nn.Conv2d) and layer.groups == 1:
            out, inputs = layer.out_channels // 2, layer.in_channels // 2
            with torch.no_grad():
                layer.weight[:out, inputs:] = 0
                layer.weight[out:, :inputs] = 0
    return made


def receptive_fields():
    """Top, left, bottom, right of the pixels that a value depends on."""
    made = network(relu=lambda x: x, dense=True)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.abs_()  # no two influences cancel
    x = torch.rand(1, 3, SIDE, SIDE, dtype=torch.float64)
    # Layer, row, column, unit.
    places = [
        ("conv1", 0, 0, 0), ("conv1", 5, 7, 3), ("norm1", 12, 12, 11), ("pool1", 2, 4, 1),
        ("conv2", 3, 3, 0), ("conv2", 0, 5, 15), ("concat", 3, 2, 4), ("concat", 3, 2, 12),
        ("add", 5, 5, 9), ("pool2", 2, 2, 0), ("pool3", 1, 1, 5), ("flatten", 0, 0, 4),
        ("flatten", 0, 0, 143), ("fc6", 0, 0, 7), ("fc8", 0, 0, 9),
    ]
    rows = []
    for layer, y, columns, unit in places:
        take = lambda v: v[layer][0, unit, y, columns] if v[layer].dim() == 4 else v[layer][0, unit]
        _, grads = gradients(made, x, take)
        support = grads["input"][0].abs().sum(0) > 0
        ys, xs = support.any(1).nonzero(), support.any(0).nonzero()
        rows.append([int(ys[0]), int(xs[0]), int(ys[-1]) + 1, int(xs[-1]) + 1])
    names = "\n".join(f"{layer} {y} {x} {unit}" for layer, y, x, unit in places)
    return torch.tensor(rows, dtype=torch.int32), names


def maximised(made, steps=3, rate=0.5, decay=0.01):
    """Gradient ascent on the mean of the second map of conv2, from the seeded input:
    each step shrinks x by `decay` and goes `rate` along the gradient of unit RMS."""
    x = torch.from_numpy(seeded("input", (SIDE, SIDE, 3), 1)).double().permute(2, 0, 1)[None]
    told = []
    for _ in range(steps):
        values, grads = gradients(made, x, lambda v: v["conv2"][0, 1].mean())
        told.append(values["conv2"][0, 1].mean().item())
        g = grads["input"]
        x = (1 - decay) * (x + rate * g / g.pow(2).mean().sqrt())
    return last(x), torch.tensor(told)


def main():
    x = torch.from_numpy(seeded("input", (SIDE, SIDE, 3), 1)).double().permute(2, 0, 1)[None]
    tensors = {}
    values, grads = gradients(network(), x, lambda v: v["fc8"][0, CLASS])
    tensors |= {f"value {name}": last(v) for name, v in values.items() if name != "input"}
    tensors["gradient"] = last(grads["input"])
    tensors |= {f"grad-cam {layer}": grad_cam(values, grads, layer) for layer in ("conv2", "add")}
    tensors["contributions"] = (values["relu7"][0] * network().fc8.weight[CLASS]).detach().float()

    guided = network(relu=GuidedRelu.apply)
    tensors["guided"] = last(gradients(guided, x, lambda v: v["fc8"][0, CLASS])[1]["input"])
    unit = gradients(network(), x, lambda v: v["expand3x3"][0, 5].mean())[1]["input"]
    tensors["gradient of expand3x3"] = last(unit)
    tensors["maximised"], tensors["maximised activations"] = maximised(network())
    variants = {
        "tanh": network(relu=torch.tanh),
        "sigmoid": network(relu=torch.sigmoid),
        "unnormalised": network(normalised=False),
        "plain-pools": network(plain=True),
        "towers-apart": apart(),
        "first-tower": without_tower(1),
        "second-tower": without_tower(0),
    }
    for name, made in variants.items():
        values = made(x)
        tensors[f"{name} add"] = last(values["add"])
        tensors[f"{name} fc8"] = last(values["fc8"])

    tensors["receptive fields"], places = receptive_fields()

    save_file(tensors, Path(__file__).with_suffix(".safetensors"), {"places": places})
    for name, value in tensors.items():
        print(name, tuple(value.shape), value.abs().max().item())


if __name__ == "__main__":
    main()
