#!/usr/bin/env python3
"""Makes captions.ttf: what captions need of Liberation Sans 2 (Debian package fonts-liberation2).

    pip install fonttools
    python3 subset.py /usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf captions.ttf

The licence reserves the name Liberation for the whole font, so the subset has a name of its own.
"""

import sys

from fontTools import subset, ttLib

# Latin with its extensions, Greek, Cyrillic, typographic marks, currencies, a few signs.
RANGES = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x1E00, 0x1EFF),
    (0x370, 0x3FF), (0x400, 0x52F),
    (0x2010, 0x2027), (0x2030, 0x203A), (0x20A0, 0x20BF),
    (0x2116, 0x2116), (0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212),
]
NAME = "qrseal Captions"

source, target = sys.argv[1:]
options = subset.Options(
    hinting=False, layout_features=[], name_IDs=[0, 1, 2, 4, 5, 6, 13, 14], notdef_outline=True,
    drop_tables=["GDEF", "GPOS", "GSUB", "FFTM", "DSIG", "kern", "gasp"], glyph_names=False,
)
font = ttLib.TTFont(source, recalcTimestamp=False)
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
subsetter.subset(font)
for record in font["name"].names:
    if record.nameID in (1, 4):
        record.string = NAME
    elif record.nameID == 6:
        record.string = NAME.replace(" ", "")
font.save(target)
