"""Deep-compressed files: writes one for AlexNet, and decodes any.

`deep_compression.py write OUT.net` writes an AlexNet of seeded random codes; the
standard library suffices. `deep_compression.py expect IN.net OUT.json` decodes a
file with numpy, as the publisher's own decode.py does, and writes the SHA-256 of
every tensor's f32 values: tests/golden/weights/*_net.json are made so.
"""

import hashlib
import json
import math
import random
import struct
import sys

ALEXNET = [
    ("conv1", (96, 3, 11, 11)),
    ("conv2", (256, 48, 5, 5)),
    ("conv3", (384, 256, 3, 3)),
    ("conv4", (384, 192, 3, 3)),
    ("conv5", (256, 192, 3, 3)),
    ("fc6", (4096, 9216)),
    ("fc7", (4096, 4096)),
    ("fc8", (1000, 4096)),
]


def squeezenet():
    """The layers of SqueezeNet_deploy.prototxt."""
    layers = [("conv1", (96, 3, 7, 7))]
    inputs = [96, 128, 128, 256, 256, 384, 384, 512]
    outputs = [128, 128, 256, 256, 384, 384, 512, 512]
    for number, channels, out in zip(range(2, 10), inputs, outputs):
        squeeze, expand = out // 8, out // 2
        layers.append((f"fire{number}/conv1x1_1", (squeeze, channels, 1, 1)))
        layers.append((f"fire{number}/conv1x1_2", (expand, squeeze, 1, 1)))
        layers.append((f"fire{number}/conv3x3_2", (expand, squeeze, 3, 3)))
    return layers + [("conv_final", (1000, 512, 1, 1))]


def write(path):
    generator = random.Random(2012)
    # A uniform gap is 7.5 on average, so a code covers 8.5 elements; six standard
    # deviations less keep the last code within the layer.
    counts = []
    for _, shape in ALEXNET:
        mean = math.prod(shape) / 8.5
        counts.append(int(mean - 6 * 4.61 * math.sqrt(mean) / 8.5))
    with open(path, "wb") as out:
        out.write(struct.pack("<8I", *counts))
        for (_, shape), count in zip(ALEXNET, counts):
            bits = 8 if len(shape) == 4 else 4
            codebook = [generator.gauss(0, 0.05) for _ in range(2**bits)]
            bias = [generator.gauss(0, 1) for _ in range(shape[0])]
            out.write(struct.pack(f"<{len(codebook)}f", *codebook))
            out.write(struct.pack(f"<{len(bias)}f", *bias))
            out.write(generator.randbytes((count * bits + 7) // 8))
            out.write(generator.randbytes((count + 1) // 2))


def decode(path):
    """The f32 tensors of a file, by name."""
    import numpy as np

    data = np.fromfile(path, np.uint8)
    first = int(data[:4].view(np.uint32)[0])
    layers = ALEXNET if len(data) > 5_000_000 else squeezenet()
    place = 0

    def take(dtype, count):
        nonlocal place
        size = count * np.dtype(dtype).itemsize
        place += size
        return data[place - size : place].view(dtype)

    def nibbles(count):
        packed = take(np.uint8, (count - 1) // 2 + 1)
        return np.stack([packed % 16, packed // 16], 1).ravel()[:count]

    counts = take(np.uint32, len(layers))
    assert counts[0] == first
    tensors = {}
    for (name, shape), count in zip(layers, counts.astype(int)):
        bits = 8 if len(shape) == 4 else 4
        codebook = take(np.float32, 2**bits)
        bias = take(np.float32, shape[0])
        codes = take(np.uint8, count) if bits == 8 else nibbles(count)
        positions = np.cumsum(nibbles(count).astype(np.int64) + 1) - 1
        dense = np.zeros(math.prod(shape), np.uint8)
        dense[positions] = codes
        tensors[f"{name}.weight"] = codebook[dense].reshape(shape)
        tensors[f"{name}.bias"] = bias
    assert place == len(data)
    return tensors


def expect(path, out):
    hashes = {}
    for name, values in decode(path).items():
        digest = hashlib.sha256(values.astype("<f4").tobytes()).hexdigest()
        hashes[name] = {"shape": list(values.shape), "sha256": digest}
    with open(out, "w") as file:
        json.dump(hashes, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    {"write": write, "expect": expect}[sys.argv[1]](*sys.argv[2:])
