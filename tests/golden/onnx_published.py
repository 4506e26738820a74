"""Writes onnx_published.tar.xz: the test data that ONNX publishes with the
package onnx 1.22 (Apache-2.0), as far as networks of ours are meant by them:

- all of `pytorch-converted`;
- of `node` and `pytorch-operator`, the cases in which an operator becomes layers
  and the others can be computed from constants;
- of `light`, whole networks of moderate size.

Run with onnx: python tests/golden/onnx_published.py
"""

import io
import lzma
import tarfile
from pathlib import Path

import onnx

HERE = Path(__file__).parent
PUBLISHED = Path(onnx.__file__).parent / "backend/test/data"

LAYERS = set("""Abs Add AveragePool BatchNormalization Clip Concat Conv DepthToSpace DequantizeLinear Div
Dropout Elu Erf Exp Expand Flatten Gather Gelu Gemm GlobalAveragePool GlobalMaxPool GroupNormalization
HardSigmoid HardSwish Identity InstanceNormalization LRN LayerNormalization LeakyRelu Log
LogSoftmax MatMul Max MaxPool Mean Min Mish Mul Neg PRelu Pad Pow QLinearConv QLinearMatMul
Reciprocal ReduceMax ReduceMean ReduceSum Relu Reshape Resize Selu Sigmoid Slice Softmax Softplus
SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tanh Transpose Unsqueeze Upsample""".split())

# Known when the file is opened, or of no effect.
CONSTANTS = set("""And Cast CastLike Ceil Constant ConstantOfShape Equal Floor
Greater GreaterOrEqual Less LessOrEqual Mod Not Or QuantizeLinear Range Round Shape Where""".split())

LIGHT = [
    "bvlc_alexnet",
    "densenet121",
    "inception_v1",
    "inception_v2",
    "resnet50",
    "shufflenet",
    "squeezenet",
    "zfnet512",
]

# Operators that are none of ours, written out in simpler ones.
OTHERS = ["attention", "causal_conv", "rotary", "center_crop"]

# What these drop is drawn by chance.
CHANCE = ["test_training_dropout", "test_training_dropout_default"]

# Doubles of arbitrary bits: infinite in 32, or too near to 0, or roots of negative ones.
ARBITRARY = ["test_operator_add_broadcast", "test_operator_add_size1_broadcast",
             "test_operator_add_size1_right_broadcast", "test_operator_addconstant",
             "test_operator_sqrt"]

# Larger cases show nothing that smaller ones do not.
MOST_BYTES = 200_000


def operators(case):
    graph = onnx.load(case / "model.onnx").graph
    return {node.op_type for node in graph.node}


def is_meant(case):
    found = operators(case)
    other = case.name in CHANCE + ARBITRARY or any(word in case.name for word in OTHERS)
    return found & LAYERS and found <= LAYERS | CONSTANTS and not other


def cases():
    folders = {name: sorted((PUBLISHED / name).iterdir())
               for name in ["pytorch-converted", "node", "pytorch-operator"]}
    yield from folders["pytorch-converted"]
    yield from filter(is_meant, folders["node"] + folders["pytorch-operator"])


def files():
    for case in cases():
        data = sorted((case / "test_data_set_0").iterdir())
        paths = [case / "model.onnx", *data]
        if sum(path.stat().st_size for path in paths) <= MOST_BYTES:
            yield from paths
    for name in LIGHT:
        yield PUBLISHED / f"light/light_{name}.onnx"
        yield PUBLISHED / f"light/light_{name}_output_0.pb"


def main():
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in files():
            entry = tarfile.TarInfo(path.relative_to(PUBLISHED).as_posix())
            entry.size = path.stat().st_size
            tar.addfile(entry, io.BytesIO(path.read_bytes()))
    packed = lzma.compress(archive.getvalue(), preset=9)
    (HERE / "onnx_published.tar.xz").write_bytes(packed)


if __name__ == "__main__":
    main()
