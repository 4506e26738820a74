"""seeded.js in Python: see there for what each function means."""

import numpy as np

INPUT, LABELS = 1000, 2000


def mix(bits):
    bits = np.asarray(bits, np.uint32)
    bits = (bits ^ (bits >> 16)) * np.uint32(0x85EBCA6B)
    bits = (bits ^ (bits >> 13)) * np.uint32(0xC2B2AE35)
    return bits ^ (bits >> 16)


def _stream(stream, count):
    return mix(mix([stream + 1]) + np.arange(count, dtype=np.uint32))


def uniform(stream, count, bound):
    return (((_stream(stream, count) >> 8) / 2**23 - 1) * bound).astype(np.float32)


def integers(stream, count, below):
    return (_stream(stream, count) % np.uint32(below)).astype(np.int64)


def parameter(index, shape):
    count = int(np.prod(shape))
    bound = 0.1 if len(shape) == 1 else np.sqrt(6 / (count / shape[0]))
    return uniform(index, count, bound).reshape(shape)
