"""Writes onnx/: small models of every kind that is read, each with what it
answers to the input that `input_values` makes.

Exports of torchvision's blocks are answered by PyTorch, graphs made by hand by
ONNX's reference evaluator, except where it is wrong.

Run with torch, torchvision, onnx and onnxscript: python tests/golden/onnx_models.py
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from torch import nn
from torch.nn import functional as F
from torchvision.models.resnet import BasicBlock
from torchvision.models.squeezenet import Fire

HERE = Path(__file__).parent / "onnx"


def input_values(shape, salt=0):
    """Numbers from -0.5 to 0.5 that f32 holds exactly alike everywhere."""
    count = int(np.prod(shape))
    values = (np.arange(count) * 37 + salt * 11) % 101 / 128 - 0.390625
    return values.astype(np.float32).reshape(shape)


def listing(arrays):
    return {
        # The shortest decimal digits that give back the same f32.
        name: {"shape": list(value.shape), "values": [float(str(v)) for v in value.ravel()]}
        for name, value in arrays.items()
    }


def write_case(name, inputs, outputs):
    """Inputs are left out when they are those of `input_values`."""
    case = {"outputs": listing(outputs)}
    for salt, value in enumerate(inputs.values()):
        if not np.array_equal(value, input_values(value.shape, salt)):
            case["inputs"] = listing(inputs)
    (HERE / f"{name}.json").write_text(json.dumps(case) + "\n")


def without_traces(path):
    """Takes away where on the exporting machine each operator came from."""
    model = onnx.load(path)
    for node in model.graph.node:
        kept = [entry for entry in node.metadata_props if not entry.key.endswith(".stack_trace")]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    onnx.save(model, path)


class Mini(nn.Module):
    """Features, an average pool and a classifier, as torchvision names them."""

    def __init__(self, features, classifier, pool=None):
        super().__init__()
        self.features = nn.Sequential(*features)
        self.avgpool = pool or nn.Identity()
        self.classifier = nn.Sequential(*classifier)

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def mini_alexnet():
    features = [
        nn.Conv2d(3, 4, 11, stride=4, padding=2), nn.ReLU(True), nn.MaxPool2d(3, 2),
        nn.Conv2d(4, 6, 5, padding=2, groups=2), nn.ReLU(True), nn.MaxPool2d(3, 2),
        nn.Conv2d(6, 8, 3, padding=1), nn.ReLU(True),
    ]  # fmt: skip
    classifier = [nn.Dropout(), nn.Linear(32, 10), nn.ReLU(True), nn.Linear(10, 5)]
    return Mini(features, classifier, nn.AdaptiveAvgPool2d((2, 2))), (3, 47, 47)


def mini_vgg():
    features = [
        nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(True),
        nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(True), nn.MaxPool2d(2, 2),
    ]  # fmt: skip
    classifier = [nn.Linear(100, 8), nn.ReLU(True), nn.Dropout(), nn.Linear(8, 5)]
    return Mini(features, classifier), (3, 10, 10)


def mini_squeezenet():
    features = [
        nn.Conv2d(3, 6, 3, stride=2), nn.ReLU(True), nn.MaxPool2d(3, 2, ceil_mode=True),
        Fire(6, 2, 4, 4), Fire(8, 2, 3, 3), nn.MaxPool2d(3, 2, ceil_mode=True),
        nn.Dropout(), nn.Conv2d(6, 5, 1), nn.ReLU(True), nn.AdaptiveAvgPool2d((1, 1)),
    ]  # fmt: skip
    return Mini(features, []), (3, 32, 32)


def mini_resnet():
    shortcut = nn.Sequential(nn.Conv2d(4, 6, 1, stride=2, bias=False), nn.BatchNorm2d(6))
    features = [
        nn.Conv2d(3, 4, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(4), nn.ReLU(True),
        nn.MaxPool2d(3, 2, padding=1), BasicBlock(4, 4), BasicBlock(4, 6, 2, shortcut),
    ]  # fmt: skip
    return Mini(features, [nn.Linear(6, 5)], nn.AdaptiveAvgPool2d((1, 1))), (3, 32, 32)


def exports():
    warnings.filterwarnings("ignore")
    preserve = torch.onnx.TrainingMode.PRESERVE
    for build in [mini_alexnet, mini_vgg, mini_squeezenet, mini_resnet]:
        torch.manual_seed(3)
        model, shape = build()
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                for tensor in [module.running_mean, module.weight.data, module.bias.data]:
                    tensor.normal_(0.3)
                module.running_var.uniform_(0.5, 2)
        model.eval()
        x = torch.from_numpy(input_values((2, *shape)))
        with torch.no_grad():
            y = model(x).numpy()
        dynamic = {"input": {0: "batch"}, "output": {0: "batch"}}
        ways = {
            "eval": dict(dynamo=False),
            "preserve": dict(dynamo=False, training=preserve, dynamic_axes=dynamic),
            "dynamo": dict(dynamo=True, external_data=False, verbose=False),
        }
        for way, options in ways.items():
            name = f"{build.__name__}_{way}"
            torch.onnx.export(
                model, (x,), str(HERE / f"{name}.onnx"),
                input_names=["input"], output_names=["output"], **options,
            )  # fmt: skip
            without_traces(HERE / f"{name}.onnx")
            write_case(name, {"input": x.numpy()}, {"output": y})
        torch.save(model.state_dict(), HERE / f"{build.__name__}.pth")


def by_hand(name, nodes, inputs, outputs, constants, opset=17, answer=None):
    """A graph of these nodes; inputs map names to shapes, with or without names
    of open dimensions, at a batch of 2."""
    info = helper.make_tensor_value_info
    feeds = {
        key: input_values([2, *shape[1:]], salt) for salt, (key, shape) in enumerate(inputs.items())
    }
    graph = helper.make_graph(
        nodes,
        name,
        [info(key, TensorProto.FLOAT, shape) for key, shape in inputs.items()],
        [info(key, TensorProto.FLOAT, None) for key in outputs],
        [
            value if isinstance(value, TensorProto) else numpy_helper.from_array(value, key)
            for key, value in constants.items()
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    answers = [answer(feeds)] if answer else ReferenceEvaluator(model).run(None, feeds)
    for output, answer in zip(graph.output, answers):
        open_shape = info(output.name, TensorProto.FLOAT, [None] * answer.ndim)
        model.graph.output[outputs.index(output.name)].CopyFrom(open_shape)
    onnx.checker.check_model(model)
    onnx.save(model, HERE / f"{name}.onnx")
    write_case(name, feeds, dict(zip(outputs, answers)))


def graphs():
    generator = np.random.default_rng(4)
    random = lambda *shape: generator.standard_normal(shape).astype(np.float32)
    node = helper.make_node
    maps = ["batch", 3, 9, 8]

    weight = random(4, 3, 3, 2)
    by_hand(
        "paddings",
        [
            node("Conv", ["x", "w"], ["dilated"], dilations=[2, 1]),
            node("Conv", ["x", "w"], ["uneven"], pads=[0, 1, 2, 3]),
            node("Pad", ["x", "pads"], ["padded"]),
            node("Conv", ["padded", "w"], ["merged"], pads=[1, 0, 0, 1]),
            node("MaxPool", ["padded"], ["pooled"], kernel_shape=[2, 2]),
            node("AveragePool", ["padded"], ["averaged"], kernel_shape=[3, 3], strides=[2, 2]),
            node("AveragePool", ["padded"], ["uncounted"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
            node("AveragePool", ["padded"], ["counted"], kernel_shape=[3, 3],
                 pads=[1, 1, 1, 1], count_include_pad=1),
            node("Relu", ["padded"], ["rectified"]),
        ],
        {"x": maps},
        ["dilated", "uneven", "merged", "pooled", "averaged", "uncounted",
         "counted", "rectified", "padded"],
        {"w": weight, "pads": np.array([0, 0, 1, 2, 0, 0, 0, 3])},
    )  # fmt: skip

    by_hand(
        "elementwise",
        [
            node("LRN", ["x"], ["normalised"], size=5, alpha=0.1, beta=0.6, bias=2.0),
            node("Sigmoid", ["normalised"], ["s"]),
            node("Tanh", ["x"], ["t"]),
            node("Add", ["s", "t"], ["sum"]),
            node("Concat", ["sum", "x"], ["both"], axis=-3),
            node("Dropout", ["both", "ratio"], ["kept"]),
            node("Identity", ["kept"], ["alias"]),
            node("Softmax", ["alias"], ["soft"], axis=1),
            node("Sum", ["x", "s", "t"], ["three"]),
        ],
        {"x": ["batch", 6, 3, 4]},
        ["soft", "three"],
        {"ratio": np.float32(0.25)},
    )

    linear = [
        node("Flatten", ["x"], ["flat"]),
        node("Gemm", ["flat", "w1", "b1"], ["h1"], alpha=0.5, beta=2.0),
        node("Gemm", ["h1", "w2", "b2"], ["h2"], transB=1),
        node("MatMul", ["h2", "w3"], ["product"]),
        node("Add", ["b3", "product"], ["h3"]),
        node("Mul", ["h3", "half"], ["h4"]),
        node("Relu", ["h4"], ["h5"]),
        node("Gemm", ["h5", "w4"], ["y"]),
    ]
    constants = {
        "w1": random(24, 7), "b1": random(1, 7), "w2": random(6, 7), "b2": random(1),
        "w3": random(6, 5), "b3": random(5), "half": np.float32(0.5), "w4": random(5, 4),
    }  # fmt: skip
    by_hand("dense", linear, {"x": ["batch", 2, 3, 4]}, ["y"], constants)

    constants["w2"] = helper.make_tensor("w2", TensorProto.FLOAT, [6, 7], constants["w2"].ravel())
    by_hand("dense_float_data", linear, {"x": ["batch", 2, 3, 4]}, ["y"], constants)

    statistics = {
        "s": random(4), "b": random(4), "m": random(4), "v": np.abs(random(4)) + 0.5,
        "w": random(4, 3, 3, 3), "c": random(4), "scale": random(4, 1, 1), "shift": random(1, 4, 1, 1),
    }  # fmt: skip
    names = ["s", "b", "m", "v"]
    by_hand(
        "affine",
        [
            node("Conv", ["x", "w", "c"], ["folds"]),
            node("BatchNormalization", ["folds", *names], ["folded"], epsilon=0.01),
            node("Mul", ["folded", "scale"], ["scaled"]),
            node("Add", ["scaled", "shift"], ["shifted"]),
            node("BatchNormalization", ["shifted", *names], ["twice"]),
            node("Conv", ["x", "w"], ["kept"]),
            node("BatchNormalization", ["kept", *names], ["beside"]),
            node("Add", ["kept", "beside"], ["joined"]),
            node("Identity", ["joined"], ["alias"]),
            node("BatchNormalization", ["alias", *names], ["alone"]),
        ],
        {"x": maps},
        ["twice", "alone", "joined"],
        statistics,
    )

    by_hand(
        "shapes",
        [
            node("Shape", ["x"], ["shape"]),
            node("Constant", [], ["zero"], value_int=0),
            node("Gather", ["shape", "zero"], ["size"], axis=0),
            node("Unsqueeze", ["size", "axis0"], ["sizes"]),
            node("Concat", ["sizes", "rest"], ["target"], axis=0),
            node("Reshape", ["x", "target"], ["first"]),
            node("Reshape", ["x", "copy"], ["same"]),
            node("Reshape", ["same", "open"], ["second"]),
            node("ReduceMean", ["x"], ["means"], axes=[-2, -1]),
            node("Squeeze", ["means", "axes"], ["third"]),
            node("ReduceMean", ["x"], ["fourth"], axes=[2, 3], keepdims=0),
            node("Concat", ["first", "second", "third", "fourth"], ["y"], axis=1),
        ],
        {"x": maps},
        ["y"],
        {
            "axis0": np.array([0]), "rest": np.array([-1]), "copy": np.array([0, 3, -1, 8]),
            "open": np.array([-1, 216]), "axes": np.array([2, 3]),
        },
    )  # fmt: skip

    by_hand(
        "two_inputs",
        [
            node("Relu", ["left"], ["a"]),
            node("GlobalAveragePool", ["a"], ["b"]),
            node("Flatten", ["b"], ["c"]),
            node("Concat", ["c", "right"], ["joined"], axis=1),
        ],
        {"left": [2, 3, 5, 4], "right": [2, 7]},
        ["joined", "c", "a"],
        {},
    )


def every_layer():
    """Every kind of layer, for pictures of 16 x 16. Answered by PyTorch, since
    ONNX's evaluator normalises no more channels than there are samples."""
    generator = torch.Generator().manual_seed(5)
    random = lambda *shape: torch.randn(shape, generator=generator)
    first, bias, groups = random(6, 3, 2, 2), random(6), random(6, 3, 3, 3)
    last, last_bias = random(7, 192) / 8, random(7)

    def answer(feeds):
        x = F.pad(torch.from_numpy(feeds["x"]), (0, 1, 1, 0))
        x = F.local_response_norm(F.relu(F.conv2d(x, first, bias)), 5, 0.1, 0.75, 2.0)
        x = F.max_pool2d(x, 3, 2)
        y = torch.sigmoid(F.conv2d(x, groups, padding=1, groups=2)) + torch.tanh(x)
        y = F.avg_pool2d(torch.cat([y, x], 1), 2, 2, padding=1)
        return torch.softmax(F.linear(y.flatten(1), last, last_bias), 1).numpy()

    node = helper.make_node
    nodes = [
        node("Conv", ["x", "first.weight", "first.bias"], ["first"], pads=[1, 0, 0, 1]),
        node("Relu", ["first"], ["rectified"]),
        node("LRN", ["rectified"], ["normalised"], size=5, alpha=0.1, beta=0.75, bias=2.0),
        node("MaxPool", ["normalised"], ["pooled"], kernel_shape=[3, 3], strides=[2, 2]),
        node("Conv", ["pooled", "groups.weight"], ["groups"], group=2, pads=[1, 1, 1, 1]),
        node("Sigmoid", ["groups"], ["s"]),
        node("Tanh", ["pooled"], ["t"]),
        node("Add", ["s", "t"], ["sum"]),
        node("Concat", ["sum", "pooled"], ["both"], axis=1),
        node("AveragePool", ["both"], ["averaged"], kernel_shape=[2, 2], pads=[1, 1, 1, 1],
             strides=[2, 2], count_include_pad=1),
        node("Flatten", ["averaged"], ["flat"]),
        node("Dropout", ["flat"], ["kept"]),
        node("Gemm", ["kept", "last.weight", "last.bias"], ["last"], transB=1),
        node("Softmax", ["last"], ["y"], axis=1),
    ]  # fmt: skip
    constants = {
        "first.weight": first, "first.bias": bias, "groups.weight": groups,
        "last.weight": last, "last.bias": last_bias,
    }  # fmt: skip
    constants = {name: value.numpy() for name, value in constants.items()}
    by_hand("every_layer", nodes, {"x": ["batch", 3, 16, 16]}, ["y"], constants, answer=answer)


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    exports()
    graphs()
    every_layer()
    for path in HERE.iterdir():
        path.chmod(0o644)
