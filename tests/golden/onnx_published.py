"""Writes onnx_published.tar.xz: the test data that ONNX publishes with the
package onnx 1.22 (Apache-2.0), as far as networks of ours are meant by them:

- all of `pytorch-converted`;
- of `node`, the cases whose operators all become layers (those that only
  compute shapes or take constants have no network of their own);
- of `light`, whole networks of moderate size.

Of a case whose first input is neither maps nor vectors, which is always refused,
the model alone is kept.

Run with onnx: python tests/golden/onnx_published.py
"""

import io
import lzma
import tarfile
from pathlib import Path

import onnx

HERE = Path(__file__).parent
PUBLISHED = Path(onnx.__file__).parent / "backend/test/data"

OPERATORS = set("""Add AveragePool BatchNormalization Concat Conv Dropout Flatten Gemm
GlobalAveragePool Identity LRN MatMul MaxPool Mul Pad ReduceMean Relu Reshape Sigmoid
Softmax Squeeze Sum Tanh""".split())

LIGHT = ["bvlc_alexnet", "inception_v1", "resnet50", "shufflenet", "squeezenet"]

# Its input alone takes 4 MB.
TOO_LARGE = ["test_MaxPool2d_stride_padding_dilation"]


def operators(case):
    graph = onnx.load(case / "model.onnx").graph
    return {node.op_type for node in graph.node}


def rank(tensor):
    try:
        return len(onnx.load_tensor(tensor).dims)
    except Exception:  # Sequences and the like are no tensors.
        return None


def files():
    converted = sorted((PUBLISHED / "pytorch-converted").iterdir())
    nodes = sorted((PUBLISHED / "node").iterdir())
    for case in converted + [node for node in nodes if operators(node) <= OPERATORS]:
        if case.name in TOO_LARGE:
            continue
        yield case / "model.onnx"
        data = case / "test_data_set_0"
        if rank(data / "input_0.pb") in (2, 4):
            yield from sorted(data.iterdir())
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
