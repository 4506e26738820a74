"""Writes onnx/people_*: small graphs with what people's files have, answered by
onnxruntime (and by NumPy where an operator is older than it).

Run with onnx and onnxruntime: python tests/golden/onnx_operators.py
"""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent / "onnx"


def input_values(shape, salt=0):
    """As in onnx_models.py."""
    count = int(np.prod(shape))
    values = (np.arange(count) * 37 + salt * 11) % 101 / 128 - 0.390625
    return values.astype(np.float32).reshape(shape)


def write(name, nodes, inputs, outputs, constants=(), opset=17, answers=None):
    constants = dict(constants)
    info = helper.make_tensor_value_info
    feeds = {k: input_values([2, *s[1:]], i) for i, (k, s) in enumerate(inputs.items())}
    graph = helper.make_graph(
        nodes, name,
        [info(k, TensorProto.FLOAT, s) for k, s in inputs.items()],
        [info(k, TensorProto.FLOAT, None) for k in outputs],
        [numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    if answers is None:
        session = onnxruntime.InferenceSession(model.SerializeToString())
        answers = session.run(outputs, feeds)
    else:
        answers = answers(feeds)
    onnx.save(model, HERE / f"people_{name}.onnx")
    listing = {
        k: {"shape": list(v.shape), "values": [float(str(x)) for x in v.ravel()]}
        for k, v in zip(outputs, answers)
    }
    (HERE / f"people_{name}.json").write_text(json.dumps({"outputs": listing}) + "\n")


def main():
    random = np.random.default_rng(7)
    normal = lambda *shape: random.standard_normal(shape).astype(np.float32)
    node = helper.make_node
    f, i = np.float32, lambda *v: np.array(v, np.int64)
    maps = ["batch", 4, 6, 5]

    functions = {
        "leaky": ("LeakyRelu", {"alpha": 0.2}), "elu": ("Elu", {"alpha": 0.7}),
        "hard": ("HardSigmoid", {"alpha": 0.3, "beta": 0.4}), "swish": ("HardSwish", {}),
        "erf": ("Erf", {}), "exp": ("Exp", {}), "abs": ("Abs", {}), "soft": ("Softplus", {}),
        "neg": ("Neg", {}), "gelu": ("Gelu", {}), "fast": ("Gelu", {"approximate": "tanh"}),
        "mish": ("Mish", {}),
    }  # fmt: skip
    write("functions", [
        node("Mul", ["x", "ten"], ["wide"]),
        *[node(kind, ["wide"], [name], **more) for name, (kind, more) in functions.items()],
        node("Clip", ["wide", "low", "high"], ["clip"]),
        node("PRelu", ["wide", "slopes"], ["prelu"]),
        node("Sigmoid", ["wide"], ["s"]), node("Mul", ["wide", "s"], ["silu"]),
        node("Div", ["wide", "root"], ["d"]), node("Erf", ["d"], ["e"]), node("Add", ["e", "one"], ["a"]),
        node("Mul", ["wide", "a"], ["m"]), node("Mul", ["m", "half"], ["written"]),
    ], {"x": maps}, [*functions, "clip", "prelu", "silu", "written"],
        {"ten": f(10), "low": f(-0.5), "high": f(1.5), "slopes": normal(4, 1, 1), "root": f(2**0.5), "one": f(1), "half": f(0.5)}, opset=20)

    write("products", [
        node("Sub", ["x", "mean"], ["c"]), node("Div", ["c", "std"], ["n"]),
        node("Conv", ["n", "w"], ["k"]), node("GlobalAveragePool", ["k"], ["g"]), node("Sigmoid", ["g"], ["s"]),
        node("Mul", ["k", "s"], ["excited"]), node("Sub", ["excited", "k"], ["difference"]),
        node("ReduceMean", ["k"], ["over"], axes=[1], keepdims=1), node("Mul", ["k", "over"], ["spatial"]),
        node("Exp", ["k"], ["p"]), node("Div", ["k", "p"], ["quotient"]), node("Sub", ["x", "picture"], ["less"]),
        node("Mean", ["k", "excited", "difference"], ["means"]), node("LogSoftmax", ["k"], ["log"], axis=1),
        node("LayerNormalization", ["k", "gamma", "beta"], ["layer"], axis=-1),
        node("InstanceNormalization", ["k", "iscale", "ibias"], ["instance"]),
    ], {"x": maps}, ["n", "excited", "difference", "spatial", "quotient", "less", "means", "log", "layer", "instance"],
        {"mean": normal(1, 4, 1, 1), "std": abs(normal(1, 4, 1, 1)) + f(0.5), "w": normal(6, 4, 1, 1), "picture": normal(1, 4, 6, 5),
         "gamma": normal(5), "beta": normal(5), "iscale": normal(6), "ibias": normal(6)})  # fmt: skip

    write("moves", [
        node("Reshape", ["x", "split"], ["r"]), node("Transpose", ["r"], ["t"], perm=[0, 2, 1, 3, 4]), node("Reshape", ["t", "whole"], ["shuffled"]),
        node("Split", ["x", "parts"], ["a", "b"], axis=1), node("Concat", ["b", "a"], ["swapped"], axis=1),
        node("Slice", ["x", "starts", "ends", "axes"], ["cropped"]), node("Slice", ["x", "starts", "ends", "axes", "steps"], ["thinned"]),
        node("Pad", ["x", "border"], ["mirrored"], mode="reflect"), node("Pad", ["x", "border"], ["repeated"], mode="edge"),
        node("Resize", ["x", "", "scales"], ["doubled"], mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor"),
        node("Transpose", ["x"], ["last"], perm=[0, 2, 3, 1]), node("Relu", ["last"], ["still"]), node("Flatten", ["still"], ["flat"]),
        node("MatMul", ["flat", "dense"], ["keras"]), node("MatMul", ["still", "point"], ["each"]), node("Transpose", ["each"], ["first"], perm=[0, 3, 1, 2]),
        node("DepthToSpace", ["x"], ["space"], blocksize=2), node("ReduceMax", ["x"], ["most"], axes=[2, 3], keepdims=0),
        node("ReduceMean", ["x"], ["rows"], axes=[3], keepdims=0), node("ReduceMean", ["rows"], ["both"], axes=[2], keepdims=0),
        node("Gather", ["x", "two"], ["picked"], axis=1), node("Shape", ["x"], ["shape"]), node("Gather", ["shape", "zero"], ["n"]),
        node("Unsqueeze", ["n", "zero"], ["n1"]), node("Concat", ["n1", "minus"], ["target"], axis=0), node("Reshape", ["x", "target"], ["vector"]),
        node("BatchNormalization", ["vector", "bs", "bb", "bm", "bv"], ["normal"]), node("NonZero", ["x"], ["dead"]),
    ], {"x": maps}, ["shuffled", "swapped", "cropped", "thinned", "mirrored", "repeated", "doubled", "keras", "first", "space", "most", "both", "picked", "normal"],
        {"split": i(-1, 2, 2, 6, 5), "whole": i(-1, 4, 6, 5), "parts": i(1, 3), "starts": i(1, 0), "ends": i(5, 4), "axes": i(2, 3), "steps": i(2, 1),
         "border": i(0, 0, 1, 2, 0, 0, 2, 1), "scales": np.array([1, 1, 2, 3], np.float32), "dense": normal(120, 3), "point": normal(4, 3), "two": i(2, 0),
         "zero": np.array(0, np.int64), "minus": i(-1), "bs": normal(120), "bb": normal(120), "bm": normal(120), "bv": abs(normal(120)) + f(0.5)}, opset=13)  # fmt: skip

    # Local response normalisation as PyTorch's exporter writes it.
    weight = normal(3, 4, 3, 3)
    nodes = [
        node("Mul", ["x", "x"], ["q"]), node("Unsqueeze", ["q", "axis"], ["u"]),
        node("Pad", ["u", "pads"], ["p"]), node("AveragePool", ["p"], ["m"], kernel_shape=[3, 1, 1]), node("Squeeze", ["m", "axis"], ["s"]),
        node("Mul", ["s", "alpha"], ["ma"]), node("Add", ["ma", "one"], ["k"]), node("Pow", ["k", "power"], ["d"]), node("Div", ["x", "d"], ["norm"]),
        node("ReduceMean", ["w"], ["wm"], axes=[1, 2, 3], keepdims=1), node("Sub", ["w", "wm"], ["wc"]), node("Conv", ["norm", "wc"], ["y"]),
    ]  # fmt: skip
    write("written_out", nodes, {"x": maps}, ["norm", "y"],
          {"axis": i(1), "pads": i(0, 0, 1, 0, 0, 0, 0, 1, 0, 0), "alpha": f(0.3), "one": f(1), "power": f(0.75), "w": weight})  # fmt: skip

    kernel, along = normal(6, 4, 1, 1), normal(6)
    def old(feeds):
        y = np.einsum("nchw,oc->nohw", feeds["x"], kernel[:, :, 0, 0])
        return [y + along[:, None], y + along[:5], y + along[:, None, None]]
    write("old_broadcast", [
        node("Conv", ["x", "w"], ["c"]), node("Add", ["c", "k6"], ["rows"], broadcast=1, axis=2),
        node("Add", ["c", "k5"], ["columns"], broadcast=1), node("Add", ["c", "k6"], ["channels"], broadcast=1, axis=1),
    ], {"x": maps}, ["rows", "columns", "channels"], {"w": kernel, "k6": along, "k5": along[:5]}, opset=6, answers=old)  # fmt: skip


if __name__ == "__main__":
    main()
