#!/usr/bin/env python3
"""Makes tests/page/pictures/: the goldfish sample in ways that cameras and
programs store pictures, written by Pillow.

    python tests/golden/pictures.py
"""

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
OUT = ROOT / "tests/page/pictures"
ORIENTATION = 0x0112  # EXIF tag


def main():
    goldfish = Image.open(ROOT / "www/samples/goldfish.webp").convert("RGB")
    panda = Image.open(ROOT / "www/samples/panda.webp").convert("RGB").resize(goldfish.size)

    # Held sideways: stored turned by 90 degrees, and EXIF says how to turn it back.
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    goldfish.rotate(90, expand=True).save(OUT / "sideways.jpg", quality=90, exif=exif)

    # Cut out: the outer tenth on every side is black, and entirely transparent.
    cut = goldfish.convert("RGBA")
    width, height = cut.size
    hole = Image.new("RGBA", cut.size, (0, 0, 0, 0))
    box = (width // 10, height // 10, width - width // 10, height - height // 10)
    hole.paste(cut.crop(box), box)
    hole.save(OUT / "cut-out.png", optimize=True)

    goldfish.save(OUT / "animated.gif", save_all=True, append_images=[panda], duration=100, loop=0)
    Image.new("RGB", (1, 1), (255, 128, 0)).save(OUT / "one-pixel.png")


if __name__ == "__main__":
    main()
