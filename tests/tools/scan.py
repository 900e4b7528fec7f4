"""Reads the QR symbol in each picture with two decoders that are not ours: zbar and ZXing.

    scan.py [--enlarge N] PICTURE...

A file that ends in .txt is a picture for a terminal: two pixels a character, as its half blocks show them.

Prints a JSON list with {"file", "zbar", "zxing"} for each picture; exits with 1 if a decoder finds no symbol in one, or several.
A transparent background is laid on white paper, and a margin of white paper is around every picture, as where codes are printed.
--enlarge N repeats every pixel N times in both directions, as a camera that is near enough does.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import zxingcpp
from PIL import Image

MARGIN_PX = 40
# Upper and lower half of a character.
HALVES = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}
# Colours 16 and 231 of a terminal's 256 (ECMA-48, SGR 38 and 48), which no colour scheme changes.
BLACK_ON_WHITE = "\x1b[38;5;16;48;5;231m"


def main() -> int:
    arguments = argparse.ArgumentParser(description="reads QR symbols with zbar and ZXing")
    arguments.add_argument("--enlarge", type=int, default=1)
    arguments.add_argument("pictures", nargs="+")
    options = arguments.parse_args()

    found = []
    unread = []
    with tempfile.TemporaryDirectory() as folder:
        for path in options.pictures:
            opened = on_screen(path) if path.endswith(".txt") else Image.open(path)
            picture = on_paper(opened, options.enlarge)
            paper = os.path.join(folder, "paper.png")
            picture.save(paper)
            texts = {"zbar": with_zbar(paper), "zxing": with_zxing(picture)}
            unread += [f"{path}: {decoder} found {len(read)} symbols" for decoder, read in texts.items() if len(read) != 1]
            found.append({"file": path} | {decoder: read[0] for decoder, read in texts.items() if len(read) == 1})
    json.dump(found, sys.stdout, ensure_ascii=True, indent=1)
    print("\n".join(unread), file=sys.stderr)
    return 1 if unread else 0


def on_screen(path: str) -> Image.Image:
    """What a terminal shows: black blocks on the white that the text itself asks for; without colours, ink on paper."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if "\x1b[" in text and BLACK_ON_WHITE not in text:
        sys.exit(f"{path} does not ask for black on white")
    lines = re.sub("\x1b\\[[0-9;]*m", "", text).rstrip("\n").split("\n")
    picture = Image.new("RGB", (max(map(len, lines)), 2 * len(lines)), "white")
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            for half, is_dark in enumerate(HALVES[character]):
                if is_dark:
                    picture.putpixel((column, 2 * row + half), (0, 0, 0))
    return picture


def on_paper(picture: Image.Image, enlarge: int) -> Image.Image:
    picture = picture.convert("RGBA").resize((picture.width * enlarge, picture.height * enlarge), Image.Resampling.NEAREST)
    paper = Image.new("RGBA", (picture.width + 2 * MARGIN_PX, picture.height + 2 * MARGIN_PX), "white")
    paper.alpha_composite(picture, (MARGIN_PX, MARGIN_PX))
    return paper.convert("RGB")


def with_zbar(path: str) -> list[str]:
    # Not --xml: there, zbar gives a symbol's text in a character set that it does not name.
    command = ["zbarimg", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", path]
    try:
        said = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        sys.exit("zbarimg is missing: tests/run install, or apt-get install zbar-tools")
    count = re.search(rb"scanned (\d+) barcode symbols", said.stderr)
    if not count:
        sys.exit(f"zbarimg: {said.stderr.decode(errors='replace')}")
    # Each text is followed by a line feed, whether it has any itself or not: only one text alone is known exactly.
    text = said.stdout.decode("utf-8", errors="replace").removesuffix("\n")
    return [text] * int(count[1])


def with_zxing(picture: Image.Image) -> list[str]:
    return [symbol.text for symbol in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]


if __name__ == "__main__":
    sys.exit(main())
