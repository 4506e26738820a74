"""Makes layers/*.json: every layer forward and backward as PyTorch computes it.

Run it with PyTorch installed: python tests/golden/layers.py
All in float64. A case holds the layer's settings, its inputs, its parameters in
file order, a random gradient `dy` of the output, the output `y`, and the
gradients of the inputs and parameters. Maps are written channels last
([batch, height, width, channels]), as the project holds them.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
FOLDER = Path(__file__).parent / "layers"


def random(*shape, scale=1.0):
    """Multiples of 1/32, which are short in decimals and exact in every float."""
    return torch.randint(-64, 65, shape) / 32 * scale


def channels_last(tensor):
    return tensor.permute(0, 2, 3, 1) if tensor.dim() == 4 else tensor


def written(tensor):
    tensor = tensor.detach()
    values = [float(f"{value:.14g}") for value in tensor.flatten().tolist()]
    values = [int(value) if value == round(value) and abs(value) < 1e6 else value for value in values]
    return {"shape": list(tensor.shape), "values": values}


def case(settings, inputs, compute, parameters=()):
    """Runs `compute(*inputs, *parameters)` forward and backward."""
    inputs = [tensor.requires_grad_() for tensor in inputs]
    parameters = [tensor.requires_grad_() for tensor in parameters]
    y = compute(*inputs, *parameters)
    dy = random(*y.shape)
    y.backward(dy)
    return {
        "layer": settings,
        "inputs": [written(channels_last(tensor)) for tensor in inputs],
        "parameters": [written(tensor) for tensor in parameters],
        "dy": written(channels_last(dy)),
        "y": written(channels_last(y)),
        "gradients": {
            "inputs": [written(channels_last(tensor.grad)) for tensor in inputs],
            "parameters": [written(tensor.grad) for tensor in parameters],
        },
    }


def save(name, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n")


def window(kernel, stride=1, padding=(0, 0, 0, 0), dilation=1, ceil_mode=False):
    """Settings of a window; padding is top, left, bottom, right."""
    pair = lambda value: list(value) if isinstance(value, tuple) else [value, value]
    padding = list(padding) if isinstance(padding, tuple) else [padding] * 4
    return {
        "kernel": pair(kernel),
        "stride": pair(stride),
        "padding": padding,
        "dilation": pair(dilation),
        "ceil_mode": ceil_mode,
    }


def padded(x, settings, value):
    top, left, bottom, right = settings["padding"]
    return F.pad(x, (left, right, top, bottom), value=value)


def conv2d(shape, out_channels, settings, groups=1, bias=True):
    weight = random(out_channels, shape[1] // groups, *settings["kernel"])
    parameters = [weight, random(out_channels)] if bias else [weight]

    def compute(x, weight, bias=None):
        x = padded(x, settings, 0.0)
        return F.conv2d(x, weight, bias, settings["stride"], 0, settings["dilation"], groups)

    layer = {"out_channels": out_channels, "window": settings, "groups": groups, "bias": bias}
    return case({"Conv2d": layer}, [random(*shape)], compute, parameters)


def linear(batch, inputs, outputs, bias=True):
    parameters = [random(outputs, inputs)] + ([random(outputs)] if bias else [])
    layer = {"out_features": outputs, "bias": bias}
    return case({"Linear": layer}, [random(batch, inputs)], F.linear, parameters)


def max_pool2d(shape, settings):
    """Equal padding goes to PyTorch, which then also rounds up; unequal is padded before."""
    top, left, bottom, right = settings["padding"]

    def compute(x):
        equal = (top, left) == (bottom, right)
        x = x if equal else padded(x, settings, -torch.inf)
        padding = (top, left) if equal else 0
        dilation, ceil_mode = settings["dilation"], settings["ceil_mode"]
        return F.max_pool2d(x, settings["kernel"], settings["stride"], padding, dilation, ceil_mode)

    return case({"MaxPool2d": {"window": settings}}, [random(*shape)], compute)


def avg_pool2d(shape, settings, count_include_pad=True, whole=False):
    padding = settings["padding"][:2]

    def compute(x):
        if whole:
            return F.adaptive_avg_pool2d(x, 1)
        kernel, stride, ceil_mode = settings["kernel"], settings["stride"], settings["ceil_mode"]
        return F.avg_pool2d(x, kernel, stride, padding, ceil_mode, count_include_pad)

    layer = {"window": settings, "global": whole, "count_include_pad": count_include_pad}
    return case({"AvgPool2d": layer}, [random(*shape)], compute)


def activation(name, function):
    large = torch.tensor([[-100.0, -50.0, -20.0, -1.5, 0.0, 1.5, 20.0, 50.0, 100.0]])
    return [case({"Activation": name}, [x], function) for x in (large, random(2, 3, 3, 2))]


def local_response_norm(shape, size, alpha, beta, k):
    """An even size reaches further down in PyTorch but further up in ONNX, whose
    order is that of PyTorch on reversed channels; an odd size is symmetric."""

    def compute(x):
        y = F.local_response_norm(x.flip(1).unsqueeze(-1), size, alpha, beta, k).squeeze(-1)
        return y.flip(1)

    layer = {"size": size, "alpha": alpha, "beta": beta, "k": k}
    return case({"LocalResponseNorm": layer}, [random(*shape, scale=4.0)], compute)


def normalised_within_maps(shape, size, alpha, beta, k):
    """The mean of squares counts the padding, as Caffe's does."""

    def compute(x):
        before, after = (size - 1) // 2, size // 2
        squares = F.pad(x * x, (before, after, before, after))
        return x / (k + alpha * F.avg_pool2d(squares, size, 1)) ** beta

    layer = {"size": size, "alpha": alpha, "beta": beta, "k": k, "within_map": True}
    return case({"LocalResponseNorm": layer}, [random(*shape, scale=4.0)], compute)


def flatten(shape):
    return case({"Flatten": None}, [random(*shape)], lambda x: x.flatten(1))


def concat(*shapes):
    return case({"Concat": None}, [random(*shape) for shape in shapes], lambda *xs: torch.cat(xs, 1))


def softmax(x):
    return case({"Softmax": {"logarithmic": False}}, [x], lambda x: x.softmax(1))


def dropout(probability, training):
    """While training, the mask is told by what came through."""
    keep = torch.nn.Dropout(probability).train(training)
    found = case({"Dropout": {"probability": probability}}, [random(4, 10) + 4.0], keep)
    if training:
        found["mask"] = [value != 0 for value in found["y"]["values"]]
    return found


save(
    "conv2d",
    [
        conv2d((1, 1, 1, 1), 1, window(1)),
        conv2d((2, 3, 5, 4), 2, window(3, padding=1)),
        conv2d((1, 2, 9, 7), 3, window((3, 2), stride=(2, 3), padding=(0, 1, 2, 0))),
        conv2d((1, 2, 8, 7), 2, window(3, padding=2, dilation=(2, 3))),
        conv2d((2, 4, 5, 5), 6, window(3, stride=2, padding=1), groups=2, bias=False),
        conv2d((1, 5, 4, 4), 5, window(3, padding=1), groups=5),
        conv2d((1, 3, 4, 3), 6, window(2), groups=3),
        conv2d((1, 1, 15, 15), 2, window(11, stride=4, padding=2), bias=False),
    ],
)
save("linear", [linear(1, 1, 1), linear(3, 7, 5), linear(2, 5, 3, bias=False)])
save(
    "max_pool2d",
    [
        max_pool2d((1, 1, 1, 1), window(1)),
        max_pool2d((2, 3, 7, 6), window(3, stride=2)),
        max_pool2d((1, 2, 6, 8), window(3, stride=2, ceil_mode=True)),
        max_pool2d((1, 2, 7, 5), window((3, 2), stride=(3, 2), padding=1)),
        max_pool2d((1, 2, 7, 5), window(3, stride=3, padding=1, ceil_mode=True)),
        max_pool2d((1, 2, 8, 7), window(2, stride=1, dilation=(2, 3))),
        max_pool2d((1, 1, 6, 6), window(3, stride=2, padding=(0, 1, 1, 0))),
    ],
)
save(
    "avg_pool2d",
    [
        avg_pool2d((1, 1, 1, 1), window(1)),
        avg_pool2d((2, 3, 7, 6), window(3, stride=2)),
        avg_pool2d((1, 2, 7, 5), window((3, 2), stride=(3, 2), padding=1)),
        avg_pool2d((1, 2, 7, 5), window((3, 2), stride=(3, 2), padding=1), count_include_pad=False),
        avg_pool2d((1, 2, 6, 8), window(3, stride=2, ceil_mode=True)),
        avg_pool2d((1, 2, 6, 8), window(3, stride=2, padding=1, ceil_mode=True)),
        avg_pool2d(
            (1, 2, 6, 8), window(3, stride=2, padding=1, ceil_mode=True), count_include_pad=False
        ),
        avg_pool2d((2, 3, 5, 4), window(1), whole=True),
    ],
)
save(
    "activation",
    activation("Relu", torch.relu)
    + activation("Sigmoid", torch.sigmoid)
    + activation("Tanh", torch.tanh),
)
save(
    "local_response_norm",
    [
        local_response_norm((1, 1, 1, 1), 5, 0.125, 0.75, 1.0),
        local_response_norm((2, 7, 2, 2), 5, 0.0001220703125, 0.75, 2.0),
        local_response_norm((1, 6, 2, 3), 3, 0.5, 0.5, 1.0),
        local_response_norm((1, 6, 1, 3), 4, 0.25, 0.75, 2.0),
        local_response_norm((1, 5, 2, 1), 2, 0.25, 1.0, 0.5),
        local_response_norm((1, 3, 2, 2), 9, 0.25, 0.75, 1.0),
        local_response_norm((3, 5), 3, 0.25, 0.75, 1.0),
    ],
)
save("dropout", [dropout(0.5, False), dropout(0.5, True), dropout(0.25, True), dropout(0.0, True)])
save("flatten", [flatten((1, 1, 1, 1)), flatten((2, 3, 4, 2)), flatten((3, 5))])
save(
    "concat",
    [
        concat((1, 2, 3, 2), (1, 1, 3, 2)),
        concat((2, 1, 2, 2), (2, 3, 2, 2), (2, 2, 2, 2)),
        concat((2, 3), (2, 4)),
        concat((1, 2, 2, 2)),
    ],
)
save("add", [case({"Add": None}, [random(2, 3, 2, 4), random(2, 3, 2, 4)], torch.add)])
save(
    "softmax",
    [
        softmax(random(1, 1)),
        softmax(random(3, 7)),
        softmax(random(2, 5, 2, 3)),
        softmax(torch.tensor([[1000.0, 999.0, -1000.0], [-1e30, 0.0, 1e30]])),
    ],
)
save(
    "local_response_norm_within_map",
    [
        normalised_within_maps((1, 1, 1, 1), 3, 0.125, 0.75, 1.0),
        normalised_within_maps((2, 2, 4, 3), 3, 0.5, 0.75, 1.0),
        normalised_within_maps((1, 2, 3, 4), 2, 0.25, 0.75, 2.0),
        normalised_within_maps((1, 1, 6, 5), 5, 0.25, 0.5, 0.5),
    ],
)
