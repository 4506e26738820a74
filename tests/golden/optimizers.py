"""Writes optimizers.json: ONNX's published node cases of its optimisers
(package onnx 1.22.0, Apache-2.0), which are all first steps, and runs of
PyTorch's over several steps.

Run: python tests/golden/optimizers.py
"""

import json
import pathlib

import onnx
import torch
from onnx import numpy_helper

CASES = ["momentum", "momentum_multiple", "nesterov_momentum", "adam", "adam_multiple"]
DATA = pathlib.Path(onnx.__file__).parent / "backend/test/data/node"


def read(path):
    tensor = onnx.TensorProto()
    tensor.ParseFromString(path.read_bytes())
    return numpy_helper.to_array(tensor).ravel().tolist()


def case(name):
    folder = DATA / f"test_{name}"
    node = onnx.load(folder / "model.onnx").graph.node[0]
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    attributes = {k: v.decode() if isinstance(v, bytes) else v for k, v in attributes.items()}
    files = folder / "test_data_set_0"
    inputs = [read(files / f"input_{i}.pb") for i in range(len(node.input))]
    outputs = [read(files / f"output_{i}.pb") for i in range(len(node.output))]
    rate, step, *tensors = inputs
    state = 2 if node.op_type == "Adam" else 1
    count = len(tensors) // (2 + state)
    group = lambda values, index: values[index * count : (index + 1) * count]
    return {
        "name": name,
        "operator": node.op_type,
        "attributes": attributes,
        "rate": rate[0],
        "step": step[0],
        "weights": group(tensors, 0),
        "gradients": group(tensors, 1),
        "state": [group(tensors, 2 + i) for i in range(state)],
        "new_weights": group(outputs, 0),
        "new_state": [group(outputs, 1 + i) for i in range(state)],
    }


def run(name, **settings):
    generator = torch.Generator().manual_seed(1)
    weights = torch.nn.Parameter(torch.randn(5, generator=generator))
    start = weights.tolist()
    optimizer = getattr(torch.optim, name)([weights], **settings)
    gradients = torch.randn(6, 5, generator=generator)
    for gradient in gradients:
        weights.grad = gradient.clone()
        optimizer.step()
    return {
        "name": name,
        "settings": settings,
        "start": start,
        "gradients": gradients.tolist(),
        "end": weights.tolist(),
    }


RUNS = [
    run("SGD", lr=0.1, weight_decay=0.05),
    run("SGD", lr=0.1, momentum=0.9, weight_decay=0.05),
    run("SGD", lr=0.1, momentum=0.9, weight_decay=0.05, nesterov=True),
    run("Adam", lr=0.1, betas=(0.9, 0.99), weight_decay=0.05, eps=1e-8),
]
target = pathlib.Path(__file__).with_name("optimizers.json")
values = {"onnx": [case(name) for name in CASES], "pytorch": RUNS}
target.write_text(json.dumps(values, indent=1) + "\n")
