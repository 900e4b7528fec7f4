"""What OpenCV reads: a third decoder, reported and not required, since it misses some of what the other two read.

    third_reader.py [--enlarge N] PICTURE...

Prints a JSON object: for each file the text, or null if it finds none.
"""

import argparse
import json
import sys

import cv2
import numpy
from PIL import Image

from scan import on_paper


def main() -> int:
    arguments = argparse.ArgumentParser(description="reads QR symbols with OpenCV")
    arguments.add_argument("--enlarge", type=int, default=1)
    arguments.add_argument("pictures", nargs="+")
    options = arguments.parse_args()
    # The detector made of rules, not the one with a model to download.
    detector = cv2.QRCodeDetector()
    found = {}
    for path in options.pictures:
        picture = numpy.asarray(on_paper(Image.open(path), options.enlarge).convert("L"))
        try:
            text, _, _ = detector.detectAndDecode(picture)
        except (cv2.error, UnicodeDecodeError):
            text = ""
        found[path] = text or None
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
