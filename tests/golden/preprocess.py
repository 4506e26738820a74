#!/usr/bin/env python3
"""Makes preprocess.safetensors: what Pillow and torchvision make of pictures.

    python tests/golden/preprocess.py

A tensor is named by its case: `WIDTHxHEIGHT opaque|transparent
squeeze|shorter SIDE crop HEIGHTxWIDTH` for the synthetic picture of that size
(`picture` below, and in tests/predict/preprocess.rs), with the resized and cropped
pixels as bytes [height, width, 3]; or by a sample photo and a preprocessing,
with every 8th pixel of the normalised crop as floats.
"""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torchvision import transforms
from torchvision.transforms import functional

CASES = [
    "451x300 opaque shorter 40 crop 35x35",
    "300x451 opaque shorter 39 crop 28x28",
    "23x17 opaque shorter 64 crop 57x57",
    "17x23 opaque shorter 37 crop 28x28",
    "1x1 opaque shorter 32 crop 28x28",
    "1x1 transparent squeeze 32 crop 28x28",
    "2001x1 opaque shorter 32 crop 28x28",
    "1x2001 opaque shorter 32 crop 28x28",
    "3001x7 opaque squeeze 32 crop 28x28",
    "331x77 opaque squeeze 64 crop 57x57",
    "9x5 opaque squeeze 64 crop 57x57",
    "32x32 opaque squeeze 32 crop 27x27",
    "97x61 opaque shorter 48 crop 40x30",
    "61x47 transparent shorter 32 crop 28x28",
    "61x47 transparent squeeze 64 crop 57x57",
    "8660x5774 opaque shorter 64 crop 57x57",
    "8660x5774 opaque squeeze 64 crop 57x57",
]


def picture(width, height, transparent):
    """A gradient of its own in each channel, and noise."""
    rgba = np.empty((height, width, 4), np.uint8)
    for channel in range(4):
        y = np.arange(height, dtype=np.uint32)[:, None]
        x = np.arange(width, dtype=np.uint32)[None, :]
        noise = x * 73856093 ^ y * 19349663 ^ np.uint32(channel * 83492791 % 2**32)
        noise = (noise ^ noise >> 13) * 0x5BD1E995
        noise = (noise ^ noise >> 15) >> 25
        gradient = [
            x * 128 // width,
            y * 128 // height,
            (x + y) * 128 // (width + height),
            127,
        ][channel]
        rgba[..., channel] = noise + gradient
    if not transparent:
        rgba[..., 3] = 255
    image = Image.fromarray(rgba, "RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image)
    return white


def crop(image, resize, side, height, width):
    if resize == "squeeze":
        image = image.resize((side, side), Image.Resampling.BILINEAR)
    else:
        image = functional.resize(image, side)
    return functional.center_crop(image, [height, width])


def synthetic(case):
    size, alpha, resize, side, _, output = case.split()
    width, height = map(int, size.split("x"))
    image = crop(
        picture(width, height, alpha == "transparent"),
        resize,
        int(side),
        *map(int, output.split("x")),
    )
    return torch.from_numpy(np.array(image))


def photo(name, preprocessing):
    """A sample photo as the network takes it, [height, width, 3]."""
    path = Path(__file__).parents[2] / "www/samples" / name
    image = Image.open(path).convert("RGB")
    if preprocessing == "torchvision":
        tensor = transforms.Compose([
            transforms.Resize(256),
            transforms.CenterCrop(224),
            transforms.ToTensor(),
            transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ])(image).permute(1, 2, 0)
    else:
        image = np.array(crop(image, "squeeze", 256, 227, 227), np.float32)
        tensor = torch.from_numpy(image[..., ::-1] - np.float32([104, 117, 123]))
    return tensor


def main():
    tensors = {case: synthetic(case) for case in CASES}
    for name in ("chelsea.png", "coffee.png"):
        for preprocessing in ("caffe", "torchvision"):
            tensor = photo(name, preprocessing)
            tensors[f"{name} {preprocessing}"] = tensor[::8, ::8].contiguous()
    save_file(tensors, Path(__file__).with_suffix(".safetensors"))


if __name__ == "__main__":
    main()
