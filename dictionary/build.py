#!/usr/bin/env python3
"""Puts zstd dictionary 1 together from readable lists. Python 3 standard library only.

    python3 dictionary/build.py OUT            write the dictionary to OUT
    python3 dictionary/build.py OUT --without 35-health 40-jsonld
                                               leave lists out (for measuring only)

The result is a dictionary as in RFC 8878, section 5: magic, id, code tables (tables.json), three
recent offsets (of the last places of its `first_texts`), content. The content is the lists in the
order of their file names; what stands last is nearest to a document, and cheapest to refer to.

A list is UTF-8 text. Its lines:

    # text              a comment, like an empty line
    {"a":1}             any other line goes in as it is, without its line end
    @each T1 T2         the lines up to @end are names in plain words ("due date"), each put
                        into every template: all names in T1, then all in T2.
                        {snake} due_date, {camel} dueDate, {Pascal} DueDate
                        An entry is left out if its "name": (or all of it, if it has none)
                        stands in the content after it, nearer to the end.
"""

import json
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

# ---------------------------------------------------------------- content


def styles(words):
    """All spellings of a name given in plain words."""
    parts = words.split(" ")
    capital = [p[:1].upper() + p[1:] for p in parts]
    return {
        "{snake}": "_".join(parts),
        "{camel}": parts[0] + "".join(capital[1:]),
        "{Pascal}": "".join(capital),
    }


def fill(template, words):
    for mark, spelling in styles(words).items():
        template = template.replace(mark, spelling)
    return template


def entries(path):
    """The entries of one list in order, each as (text, may be left out)."""
    names, templates = [], None
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line == "" or line.startswith("#"):
            continue
        if line.startswith("@each "):
            names, templates = [], line.split(" ")[1:]
        elif line == "@end":
            for template in templates:
                yield from ((fill(template, name), True) for name in names)
            templates = None
        elif line.startswith("@"):
            sys.exit(f"{path}:{number}: what is {line!r}?")
        elif templates is not None:
            names.append(line)
        else:
            yield line, False
    if templates is not None:
        sys.exit(f"{path}: @each without @end")


def name_in(text):
    """The `"name":` of an entry, or the whole entry if it has none."""
    end = text.find('":')
    start = text.rfind('"', 0, end)
    return text[start : end + 2] if 0 <= start < end else text


def content(lists):
    """All lists as one text. Built from its end, as later entries make earlier ones needless."""
    everything = [entry for path in lists for entry in entries(path)]
    tail = ""
    for text, optional in reversed(everything):
        if not (optional and name_in(text) in tail):
            tail = text + tail
    return tail.encode("utf-8")


# ---------------------------------------------------------------- code tables (RFC 8878, 4.1 and 4.2)


class BitsUp:
    """A bit stream filled from its low end, as FSE table descriptions are."""

    def __init__(self):
        self.value = self.length = 0

    def put(self, value, bits):
        self.value |= (value & ((1 << bits) - 1)) << self.length
        self.length += bits

    def bytes(self):
        return self.value.to_bytes((self.length + 7) // 8, "little")


def fse_description(counts, log):
    """RFC 8878, 4.1.1. A count of -1 is a probability below 1."""
    while counts and counts[-1] == 0:
        counts = counts[:-1]
    assert sum(abs(c) for c in counts) == 1 << log
    out = BitsUp()
    out.put(log - 5, 4)
    remaining, symbol = (1 << log) + 1, 0
    while remaining > 1:
        count = counts[symbol]
        symbol += 1
        bits = remaining.bit_length()
        value = count + 1
        low = (1 << bits) - 1 - remaining
        if value < low:
            out.put(value, bits - 1)
        elif value < 1 << (bits - 1):
            out.put(value, bits)
        else:
            out.put(value + low, bits)
        remaining -= abs(count)
        if count == 0:
            zeros = 0
            while counts[symbol + zeros] == 0:
                zeros += 1
            symbol += zeros
            while zeros >= 3:
                out.put(3, 2)
                zeros -= 3
            out.put(zeros, 2)
    return out.bytes()


def fse_states(counts, log):
    """RFC 8878, 4.1.1: the symbol of each state."""
    size = 1 << log
    states, high = [None] * size, size
    for symbol, count in enumerate(counts):
        if count == -1:
            high -= 1
            states[high] = symbol
    position = 0
    for symbol, count in enumerate(counts):
        for _ in range(max(count, 0)):
            states[position] = symbol
            while True:
                position = (position + (size >> 1) + (size >> 3) + 3) & (size - 1)
                if position < high:
                    break
    return states


def fse_encode_two_states(symbols, counts, log):
    """RFC 8878, 4.2.1.2: two interleaved states, written backwards, closed by a 1 bit."""
    size = 1 << log
    decode, seen = [], {}
    for symbol in fse_states(counts, log):
        number = seen.get(symbol, max(counts[symbol], 1))
        seen[symbol] = number + 1
        bits = log - (number.bit_length() - 1)
        decode.append((symbol, bits, (number << bits) - size))

    def step_back(symbol, target):
        """The state of `symbol` from which a decoder goes on to `target`, and the bits it reads."""
        for state, (coded, bits, base) in enumerate(decode):
            if coded == symbol and base <= target < base + (1 << bits):
                return state, target - base, bits
        raise AssertionError("every state can be reached from every symbol")

    out, states = BitsUp(), [None, None]
    for index in range(len(symbols) - 1, -1, -1):
        which = index & 1
        if states[which] is None:  # the last symbol of a state: the shortest way to say it
            coded = [(bits, state) for state, (s, bits, _) in enumerate(decode) if s == symbols[index]]
            states[which] = max(coded)[1]
        else:
            state, value, bits = step_back(symbols[index], states[which])
            out.put(value, bits)
            states[which] = state
    out.put(states[1], log)
    out.put(states[0], log)
    out.put(1, 1)
    return out.bytes()


def normalised(frequencies, log):
    """Counts that add up to 2^log, at least 1 for each symbol there is; deterministic."""
    size, total = 1 << log, sum(frequencies)
    counts = [max(1, f * size // total) if f else 0 for f in frequencies]
    while sum(counts) != size:
        step = 1 if sum(counts) < size else -1
        best = max(
            (i for i, c in enumerate(counts) if c and c + step >= 1),
            key=lambda i: (step * (frequencies[i] * size - counts[i] * total), -i),
        )
        counts[best] += step
    return counts


def huffman_description(lengths):
    """RFC 8878, 4.2.1: code lengths of the 256 literals as weights, the last one implied."""
    longest = max(lengths)
    assert len(lengths) == 256 and min(lengths) > 0 and longest <= 11
    assert sum(1 << (longest - n) for n in lengths) == 1 << longest
    weights = [longest + 1 - n for n in lengths[:255]]
    counts = normalised([weights.count(w) for w in range(max(weights) + 1)], 6)
    packed = fse_description(counts, 6) + fse_encode_two_states(weights, counts, 6)
    assert len(packed) < 128
    return bytes([len(packed)]) + packed


def dictionary(tables, body):
    """RFC 8878, section 5."""
    recent = [len(body) - body.rindex(text.encode("utf-8")) for text in tables["first_texts"]]
    return b"".join(
        [
            struct.pack("<II", 0xEC30A437, tables["id"]),
            huffman_description(tables["literal_code_lengths"]),
            fse_description(tables["offset_code_counts"], 8),
            fse_description(tables["match_length_code_counts"], 9),
            fse_description(tables["literal_length_code_counts"], 9),
            struct.pack("<III", *recent),
            body,
        ]
    )


# ---------------------------------------------------------------- command


def main(arguments):
    if not arguments or (len(arguments) > 1 and arguments[1] != "--without"):
        sys.exit(__doc__)
    out, without = Path(arguments[0]), arguments[2:]
    paths = sorted((HERE / "lists").glob("*.txt"))
    if unknown := set(without) - {path.stem for path in paths}:
        sys.exit(f"no such list: {', '.join(sorted(unknown))}")
    tables = json.loads((HERE / "tables.json").read_text(encoding="utf-8"))
    out.write_bytes(dictionary(tables, content([p for p in paths if p.stem not in without])))


if __name__ == "__main__":
    main(sys.argv[1:])
