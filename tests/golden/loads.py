#!/usr/bin/env python3
"""Makes loads.json: what PyTorch answers for a sample photo with the weights of
the large files that tests/page/support/weights-files.js writes.

    python tests/golden/loads.py

`alexnet-torchvision` has the seeded weights of networks.py, `alexnet` those of the
file that deep_compression.py writes. Of each the five best classes, with their
softmax in percent.
"""

import json
import tempfile
from pathlib import Path

import deep_compression
import networks
import preprocess

PHOTO = "chelsea.png"


def top(logits):
    best = logits.softmax(0).topk(5)
    print([round(value, 3) for value in logits.topk(6).values.tolist()])
    percents = [round(100 * value, 2) for value in best.values.tolist()]
    return [{"index": i, "percent": p} for i, p in zip(best.indices.tolist(), percents)]


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "alexnet.net"
        deep_compression.write(path)
        decoded = deep_compression.decode(path)
    answers = {
        "alexnet-torchvision": networks.logits(
            "alexnet-torchvision", networks.as_f32, preprocess.photo(PHOTO, "torchvision")
        ),
        "alexnet": networks.logits(
            "alexnet", lambda name, _: decoded[name], preprocess.photo(PHOTO, "caffe")
        ),
    }
    expected = {name: top(logits) for name, logits in answers.items()}
    lines = [f"  {json.dumps(name)}: {json.dumps(best)}" for name, best in expected.items()]
    text = "{\n" + f'  "photo": {json.dumps(PHOTO)},\n' + ",\n".join(lines) + "\n}\n"
    Path(__file__).with_suffix(".json").write_text(text)


if __name__ == "__main__":
    main()
