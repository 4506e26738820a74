#!/usr/bin/env python3
"""Makes the networks and arrays of run/, for the commands `run` and `classify`.

    python tests/golden/run.py

`two.onnx` has two inputs and two outputs; `picture.onnx` names a picture with
ten classes and ends in a softmax. ONNX's own reference evaluator computes what
is expected, of chelsea.png as torchvision prepares it for `picture.onnx`.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from PIL import Image
from torchvision import transforms

FOLDER = Path(__file__).with_name("run")
generator = np.random.default_rng(2012)


def numbers(*shape):
    return generator.standard_normal(shape).astype(np.float32)


def save(name, nodes, inputs, outputs, weights):
    value = lambda item: helper.make_tensor_value_info(item[0], TensorProto.FLOAT, item[1])
    graph = helper.make_graph(
        nodes,
        name,
        [value(item) for item in inputs.items()],
        [value(item) for item in outputs.items()],
        [numpy_helper.from_array(array, key) for key, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, FOLDER / f"{name}.onnx")
    return ReferenceEvaluator(model)


def two():
    network = save(
        "two",
        [
            helper.make_node("Conv", ["left", "w1", "b1"], ["c"], name="conv", pads=[1, 1, 1, 1]),
            helper.make_node("Add", ["c", "right"], ["sum"], name="add"),
            helper.make_node("Relu", ["sum"], ["maps"], name="relu"),
            helper.make_node("Flatten", ["maps"], ["flat"], name="flatten"),
            helper.make_node("Gemm", ["flat", "w2", "b2"], ["scores"], name="fc", transB=1),
        ],
        {"left": ["N", 3, 8, 6], "right": ["N", 4, 8, 6]},
        {"maps": ["N", 4, 8, 6], "scores": ["N", 5]},
        {"w1": numbers(4, 3, 3, 3), "b1": numbers(4), "w2": numbers(5, 192), "b2": numbers(5)},
    )
    feeds = {"left": numbers(2, 3, 8, 6), "right": numbers(2, 4, 8, 6)}
    maps, scores = network.run(None, feeds)
    np.save(FOLDER / "left.npy", feeds["left"])
    np.save(FOLDER / "right.npy", feeds["right"].astype(np.float64))
    np.save(FOLDER / "maps.npy", maps)
    np.save(FOLDER / "scores.npy", scores)


def picture():
    network = save(
        "picture",
        [
            helper.make_node("Conv", ["x", "w1", "b1"], ["c"], name="conv", strides=[2, 2]),
            helper.make_node("Relu", ["c"], ["r"], name="relu"),
            helper.make_node("GlobalAveragePool", ["r"], ["p"], name="pool"),
            helper.make_node("Flatten", ["p"], ["f"], name="flatten"),
            helper.make_node("Gemm", ["f", "w2", "b2"], ["logits"], name="fc", transB=1),
            helper.make_node("Softmax", ["logits"], ["probabilities"], name="softmax", axis=1),
        ],
        {"x": [1, 3, 56, 56]},
        {"probabilities": [1, 10]},
        {"w1": numbers(8, 3, 5, 5), "b1": numbers(8), "w2": numbers(10, 8) / 4, "b2": numbers(10)},
    )
    prepare = transforms.Compose([
        transforms.Resize(64),
        transforms.CenterCrop(56),
        transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])
    path = Path(__file__).parents[2] / "www/samples/chelsea.png"
    x = prepare(Image.open(path).convert("RGB"))[None].numpy()
    (probabilities,) = network.run(None, {"x": x})
    np.save(FOLDER / "probabilities.npy", probabilities)
    print(probabilities)


two()
picture()
