#!/usr/bin/env python3
"""Puts prior 2, the text that the model of codec 2 has read, together. Python 3 standard library only.

    python3 dictionary/prior.py OUT            write the prior to OUT
    python3 dictionary/prior.py OUT --without 35-health health
                                               leave lists and samples out (for measuring only)

The prior is UTF-8 text of one segment a line. First the entries of the lists, as `build.py` keeps them for dictionary 1;
then the documents of `samples/`, which are of our own making: one a line, the trades mixed evenly.
"""

import sys
from fractions import Fraction

from build import HERE, entries, name_in


def segments(lists):
    """The entries that dictionary 1 has, in its order."""
    kept, tail = [], ""
    for text, optional in reversed([entry for path in lists for entry in entries(path)]):
        if not (optional and name_in(text) in tail):
            tail = text + tail
            kept.append(text)
    return kept[::-1]


def mixed(files):
    """All documents, those of each file spread over the whole."""
    spread = []
    for number, path in enumerate(files):
        documents = path.read_text(encoding="utf-8").splitlines()
        spread += [
            (Fraction(2 * at + 1, 2 * len(documents)), number, document)
            for at, document in enumerate(documents)
        ]
    return [document for _, _, document in sorted(spread)]


def main():
    out, *rest = sys.argv[1:]
    without = set(rest[1:]) if rest[:1] == ["--without"] else set()
    chosen = {
        folder: sorted(p for p in (HERE / folder).glob("*.txt") if p.stem not in without)
        for folder in ("lists", "samples")
    }
    lines = segments(chosen["lists"]) + mixed(chosen["samples"])
    with open(out, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
