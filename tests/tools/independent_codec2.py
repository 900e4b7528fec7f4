"""Codecs 2 and 3 of docs/token-format.md, written again. Python's standard library only; pypy3 runs it twenty times as fast.

    pypy3 independent_codec2.py PRIOR VECTORS... [COUNT]   checks the known answers, or the first COUNT of each file
    pypy3 independent_codec2.py PRIOR pack|unpack          a document or a body in hex a line, from standard input

With --samples FILE NUMBER in front, codec 3 packs and unpacks after this set of a file of samples.
"""

import hashlib
import json
import struct
import sys
from array import array
from pathlib import Path

M32 = 0xFFFFFFFF
MOST_BYTES, MOST_DEPTH = 8192, 32


def hash32(a, b):
    x = (a * 0x9E3779B1 + b * 0x85EBCA6B + 0x27D4EB2F) & M32
    x = ((x ^ (x >> 15)) * 0xC2B2AE3D) & M32
    return x ^ (x >> 13)


# ---------------------------------------------------------------- tables


def make_squash():
    one = 1 << 48
    step = term = one
    for k in range(1, 12):
        term = term // 256 // k
        step += term
    table, power = [1] * 8192, one
    for k in range(4096):
        p = min(max((power << 16) // (power + one), 1), 65535)
        table[4096 + k] = p
        if k:
            table[4096 - k] = 65536 - p
        power = power * step >> 48
    return table


SQUASH = make_squash()


def squash(x):
    return SQUASH[min(max(x, -2815), 2815) + 4096]


def make_stretch():
    table, x = [0] * 4096, 0
    for cell in range(2048, 4096):
        while x < 2047 and SQUASH[x + 4096] < cell * 16 + 8:
            x += 1
        table[cell], table[4095 - cell] = x, -x
    return table


STRETCH = make_stretch()


def kinds(n0, n1):
    more, less = max(n0, n1), min(n0, n1)
    if less > 5 or more > (20, 48, 15, 8, 6, 5)[less]:
        return 0
    return 2 if less > 0 and more + less <= 17 else 1


def after(n0, n1, bit):
    if n0 < n1:
        return after(n1, n0, 1 - bit)[::-1]

    def discount(n):
        return n if n <= 5 else min(n - 1, 7)

    more, less = (discount(n0), n1 + 1) if bit else (n0 + 1, discount(n1))
    while kinds(more, less) == 0:
        if less < 2:
            more -= 1
        else:
            more, less = (more * (less - 1) + less // 2) // less, less - 1
    return more, less


def make_histories():
    every = [
        (total - ones, ones, last)
        for total in range(50)
        for ones in range(total + 1)
        for last in range(kinds(total - ones, ones))
    ]
    number = {history: at for at, history in enumerate(every)}

    def find(counts, bit):
        return number[(*counts, min(bit, kinds(*counts) - 1))]

    following = [[0, 0] for _ in range(256)]
    counts = [(0, 0)] * 256
    for at, (n0, n1, _) in enumerate(every):
        following[at] = [find(after(n0, n1, bit), bit) for bit in (0, 1)]
        counts[at] = (n0, n1)
    return following, counts


NEXT, COUNTS = make_histories()
REPEATED = [(0, 0)]
for _ in range(20):
    REPEATED.append(tuple(NEXT[REPEATED[-1][bit]][bit] for bit in (0, 1)))


def class_of(c):
    for number, ranges in enumerate(
        ["09", "af", "gz", "AF", "GZ", '""', "{{[[", "}}]]", "::,,", "  ", "--..//__@@++", "\0\x1f", "\x80\xbf", "\xc0\xff"], 1
    ):
        if any(ord(ranges[i]) <= c <= ord(ranges[i + 1]) for i in range(0, len(ranges), 2)):
            return number
    return 15


def kind_of(c):
    for number, ranges in enumerate(["09", "af", "gz", "AF", "GZ", "  ", "\x80\xff"]):
        if ord(ranges[0]) <= c <= ord(ranges[1]):
            return 1 << number
    return 128


CLASS = [class_of(c) for c in range(256)]
KIND = [kind_of(c) for c in range(256)]
BETWEEN, NAME, TEXT, BARE = range(4)

# ---------------------------------------------------------------- position


class Position:
    def __init__(self):
        self.frames = []  # [is object, name, plain name]
        self.place = BETWEEN
        self.escaped = self.expects_name = self.name_closed = self.ended = False
        self.token = self.length = self.charset = 0
        self.name = self.plain = self.letters = self.word = 0
        self.last = self.classes = 0

    @staticmethod
    def at_segment(first):
        self, c = Position(), chr(first)
        if c in "{[":
            depth = 0
        elif c in "}]:":
            depth = 6
        elif c in '",':
            depth, self.expects_name = 1, c == '"'
        else:
            depth, self.place, self.token = 1, TEXT, 7
        self.frames = [[True, 0, 0] for _ in range(depth)]
        return self

    def state(self):
        return self.place * 2 + self.expects_name

    def advance(self, c):
        before = self.last & 255
        self.last = (self.last << 8 | c) & 0xFFFFFFFFFFFFFFFF
        self.classes = (self.classes << 4 | CLASS[c]) & M32
        upper = 65 <= c <= 90
        letter = upper or 97 <= c <= 122 or c >= 128
        if not letter or (upper and 97 <= before <= 122):
            self.word = 0
        if letter:
            lower = c + 32 if upper else c
            self.word = hash32(self.word, lower)
            self.letters = hash32(self.letters, lower)
        if self.place in (NAME, TEXT):
            self.in_string(c)
        else:
            self.outside(c)
        self.charset = 0 if self.length == 0 else self.charset | KIND[c]

    def lengthen(self, c):
        self.token = hash32(self.token, c)
        self.length += 1

    def in_string(self, c):
        if c == 34 and not self.escaped:
            if self.place == NAME:
                self.name, self.plain, self.name_closed = self.token, self.letters, True
                if self.frames:
                    self.frames[-1][1:] = [self.token, self.letters]
            self.ended = not self.frames
            self.place, self.token, self.length = BETWEEN, 1, 0
        else:
            self.escaped = c == 92 and not self.escaped
            self.lengthen(c)

    def outside(self, c):
        after_name, self.name_closed = self.name_closed, False
        if c == 0x7B:
            self.frames.append([True, 0, 0])
            self.expects_name, self.place, self.token = True, BETWEEN, 2
        elif c == 0x5B:
            self.frames.append([False, self.name, self.plain])
            self.expects_name, self.place, self.token = False, BETWEEN, 3
        elif c in (0x7D, 0x5D):
            if self.frames:
                self.frames.pop()
            _, self.name, self.plain = self.frames[-1] if self.frames else (False, 0, 0)
            self.ended = not self.frames
            self.expects_name, self.place, self.token = False, BETWEEN, 4
        elif c == 0x2C:
            if self.frames:
                frame = self.frames[-1]
                frame[0] = frame[0] and not after_name
                self.expects_name = frame[0]
                if not frame[0]:
                    _, self.name, self.plain = frame
            self.place, self.token = BETWEEN, 5
        elif c == 0x3A:
            self.expects_name, self.place, self.token = False, BETWEEN, 6
        elif c == 34:
            self.place = NAME if self.expects_name else TEXT
            self.letters, self.token, self.length = 0, 7, 0
        else:
            if self.place == BETWEEN:
                self.place, self.token, self.length = BARE, 8, 0
            self.lengthen(c)

    def contexts(self):
        last, state = self.last, self.state()
        in_name = int(self.place == NAME or self.expects_name)
        around = self.frames[-1][1] if self.frames else 0
        parent = self.frames[-2][1] if len(self.frames) >= 2 else 0
        name = hash32(around, 11) if in_name else hash32(self.name, 13)
        order_1 = last & 255
        histories = (
            state,
            hash32(order_1, state),
            last & 0xFFFF,
            last & 0xFFFFFF,
            hash32(self.word, order_1),
            hash32(self.charset, hash32(name, min(self.length, 2))),
            hash32(self.charset, hash32(self.classes & 15, min(self.length, 48))),
            hash32(self.plain, hash32(self.token, in_name)),
            hash32(last & M32, last >> 32 & 255),
            hash32(self.word, state),
        )
        runs = (
            last & M32,
            hash32(self.letters, in_name),
            hash32(hash32(name, parent), self.token),
        )
        return (
            [hash32(context, 1 + k) for k, context in enumerate(histories)],
            [hash32(context, 101 + k) for k, context in enumerate(runs)],
        )


# ---------------------------------------------------------------- model


class Model:
    def __init__(self):
        self.traces = array("I", [0]) * (8 << 16)  # check << 16 | nibble << 8 | times
        self.buckets = bytearray(16 * 4 << 15)
        first = [(((2 * n1 + 1) << 22) // (2 * (n0 + n1) + 2)) << 10 for n0, n1 in COUNTS]
        self.learned = [array("I", first) for _ in range(10)]
        self.fixed = None
        self.runs = array("I", [0]) * (1 << 18)
        self.run_trust = [array("H", [49152] * 64) for _ in range(3)]
        self.text = bytearray(1)
        self.places = [array("I", [0]) * (1 << 16) for _ in range(2)]
        self.match_trust = [array("H", [49152] * 128) for _ in range(2)]
        self.weights = [array("h", [819]) * (16 * rows) for rows in (4096, 256, 2048, 88)]
        self.outer = array("i", [16384] * (4 * 88))
        curve = [min(max(squash(point * 128 - 2048), 16), 65520) for point in range(33)]
        self.curves = array("H", curve * 1024)
        self.rate = 8
        self.x = [0] * 16
        self.x[15] = 256

    # -- before a document, and before a byte

    def start(self, position):
        self.position, self.partial, self.bit = position, 1, 0
        self.document = len(self.text)
        self.found = [(0, 0, 0), (0, 0, 0)]  # at, length, misses
        self.look_up()

    def look_up(self):
        self.contexts, runs = self.position.contexts()
        self.look_up_nibble(0)
        self.run_at, self.run_check = [0] * 3, [0] * 3
        for k, context in enumerate(runs):
            check, at = context & 0xFFFF, context >> 14
            one, other = self.runs[at], self.runs[at ^ 1]
            second = one >> 16 != check and (other >> 16 == check or one & 255 > other & 255)
            self.run_at[k], self.run_check[k] = at ^ 1 if second else at, check

    def look_up_nibble(self, nibble):
        self.open = []  # context, place of the trace, the trace, histories
        for context in self.contexts:
            if nibble:
                context = hash32(context, nibble)
            line, check = (context >> 16) * 8, context & 0xFFFF
            best, held, histories = line, 0, bytearray(16)
            for at in range(line, line + 8):
                trace = self.traces[at]
                if trace >> 16 == check and trace & 255:
                    best, held = at, trace
                    break
                if trace & 255 < self.traces[best] & 255:
                    best = at
            if held & 255 == 255:
                at = self.bucket_of(context)
                if self.holds(at, context):
                    histories = self.buckets[at : at + 16]
            elif held:
                node = 1
                for shift in (3, 2, 1, 0):
                    bit = held >> 8 + shift & 1
                    histories[node] = REPEATED[held & 255][bit]
                    node = node * 2 + bit
            self.open.append((context, best, held or check << 16, histories))

    def holds(self, at, context):
        return self.buckets[at] == context & 255 and self.buckets[at + 1] != 0

    def bucket_of(self, context):
        line = (context >> 17) * 64
        best = line
        for at in range(line, line + 64, 16):
            if self.holds(at, context):
                return at
            if self.buckets[at + 1] < self.buckets[best + 1]:
                best = at
        return best

    def put_back(self):
        nibble = self.partial & 15
        for context, at, trace, histories in self.open:
            times = trace & 255
            if times == 0:
                trace |= nibble << 8 | 1
            elif times != 255 and trace >> 8 & 255 == nibble:
                trace += times < 20
            else:
                trace |= 255
                bucket = self.bucket_of(context)
                histories[0] = context & 255
                self.buckets[bucket : bucket + 16] = histories
            self.traces[at] = trace

    def node(self):
        if self.bit < 4:
            return self.partial
        low = self.bit - 4
        return self.partial & ((1 << low) - 1) | 1 << low

    # -- a bit

    def predict(self):
        x, bit, partial, position = self.x, self.bit, self.partial, self.position
        node = self.node()
        for k in range(10):
            history = self.open[k][3][node]
            if history == 0:
                x[k] = 0
            elif self.fixed:
                x[k] = self.fixed[k][history]
            else:
                x[k] = STRETCH[self.learned[k][history] >> 20]
        stage = 0 if bit == 0 else 1 if bit < 4 else 2
        self.expects = [None] * 5
        for k in range(3):
            run, x[10 + k] = self.runs[self.run_at[k]], 0
            byte = run >> 8 & 255 | 256
            if run & 255 and run >> 16 == self.run_check[k] and byte >> (8 - bit) == partial:
                self.expect(k, byte, self.run_trust[k], (run & 255) * 4 + stage)
        for k in range(2):
            at, length, _ = self.found[k]
            x[13 + k] = 0
            if length:
                byte = self.text[at] | 256
                if byte >> (8 - bit) == partial:
                    own = 64 if at >= self.document else 0
                    short = length if length <= 32 else 32 + min((length - 32) // 8, 20)
                    self.expect(3 + k, byte, self.match_trust[k], own + short)
        known = sum(1 for value in x[:10] if value) * 8 + position.state()
        rows = ((position.classes & 15) << 8 | partial, position.classes & 255, position.charset * 8 + bit, known)
        self.rows = [row * 16 for row in rows]
        self.state, total = known * 4, 0
        self.logits = []
        for s in range(4):
            weights, row, acc = self.weights[s], self.rows[s], 0
            for k in range(16):
                acc += weights[row + k] * x[k]
            logit = min(max(acc >> 13, -2815), 2815)
            self.logits.append(logit)
            total += self.outer[self.state + s] * logit
        logit = min(max(total >> 16, -2815), 2815)
        self.mixed = squash(logit)
        along = min(max(logit, -2047), 2047) + 2048
        left, share = along >> 7, along & 127
        at = (partial | position.place << 8) * 33 + left
        refined = self.curves[at] * (128 - share) + self.curves[at + 1] * share >> 7
        self.point = at + (share >= 64)
        return min(max((self.mixed + refined) >> 1, 1), 65535)

    def expect(self, k, byte, trusts, at):
        expected = byte >> (7 - self.bit) & 1
        self.expects[k] = (expected, trusts, at)
        value = STRETCH[trusts[at] >> 4]
        self.x[10 + k] = value if expected else -value

    def update(self, bit):
        target = 65535 if bit else 0
        error, state = target - self.mixed, self.state
        for s in range(4):
            logit = self.logits[s]
            # Both divisions are towards zero.
            step = toward_zero(toward_zero(error * 3, 2) * logit, 256)
            outer = self.outer[state + s] + (step + 2048 >> 12)
            self.outer[state + s] = min(max(outer, -(1 << 20)), 1 << 20)
            own = target - squash(logit)
            if abs(own) >= 1024:
                step = min(max(own * self.rate >> 5, -32768), 32767)
                weights, row = self.weights[s], self.rows[s]
                for k in range(16):
                    weight = weights[row + k] + (step * self.x[k] + 32768 >> 16)
                    weights[row + k] = min(max(weight, -32768), 32767)
        self.curves[self.point] += (target - self.curves[self.point]) >> 6
        node = self.node()
        for k in range(10):
            histories = self.open[k][3]
            history = histories[node]
            if history and not self.fixed:
                p, seen = self.learned[k][history] >> 10, self.learned[k][history] & 1023
                p += (((1 << 22) - 1 if bit else 0) - p) * (131072 // (2 * seen + 3)) >> 16
                self.learned[k][history] = p << 10 | min(seen + 1, 255)
            histories[node] = NEXT[history][bit]
        for expects in self.expects:
            if expects:
                expected, trusts, at = expects
                trust = trusts[at]
                trusts[at] = trust + (65535 - trust >> 6) if expected == bit else trust - (trust >> 6)
        self.partial, self.bit = self.partial << 1 | bit, self.bit + 1
        if self.bit == 4:
            self.put_back()
            self.look_up_nibble(self.partial)
        elif self.bit == 8:
            self.put_back()
            self.end(self.partial & 255)

    # -- a byte

    def end(self, byte):
        for at, check in zip(self.run_at, self.run_check):
            run = self.runs[at]
            again = run & 255 and run >> 16 == check and run >> 8 & 255 == byte
            times = min((run & 255) + 1, 15) if again else 1
            self.runs[at] = check << 16 | byte << 8 | times
        position = self.position
        position.advance(byte)
        self.text.append(byte)
        last, end = position.last, len(self.text)
        sought = (hash32(last & M32, last >> 32 & 0xFFFF), hash32(last & 0xFFFFFF, position.name))
        for k in range(2):
            at, length, misses = self.found[k]
            if length and self.text[at] == byte:
                at, length = at + 1, length + 1
            elif length >= 16 or (length and misses < 8):
                at, length, misses = at + 1, 1, misses + 1
            else:
                at = length = misses = 0
            bucket = sought[k] >> 16
            place = self.places[k][bucket]
            if length < (6, 3)[k] and place:
                same = 0
                while same < min(400, place - 1) and self.text[place - 1 - same] == self.text[end - 1 - same]:
                    same += 1
                if same >= (6, 3)[k]:
                    at, length, misses = place, same, 0
            self.found[k] = (at, length, misses)
            self.places[k][bucket] = end
        self.partial, self.bit = 1, 0
        self.look_up()

    # -- priming, undoing, comparing

    @staticmethod
    def primed(prior):
        self = Model()
        for segment in prior.split(b"\n"):
            if segment:
                self.start(Position.at_segment(segment[0]))
                for byte in segment:
                    for shift in range(7, -1, -1):
                        self.predict()
                        self.update(byte >> shift & 1)
        self.fixed = [[0] + [STRETCH[value >> 20] for value in learned[1:]] for learned in self.learned]
        self.rate = 20
        return self

    PARTS = ("traces", "buckets", "runs", "run_trust", "text", "places", "match_trust", "weights", "outer", "curves")

    def snapshot(self):
        def copy(part):
            return [p[:] for p in part] if isinstance(part, list) else part[:]

        return {part: copy(getattr(self, part)) for part in self.PARTS}

    def undo(self, snapshot):
        for part, value in snapshot.items():
            setattr(self, part, [p[:] for p in value] if isinstance(value, list) else value[:])

    def digest(self):
        digest = hashlib.sha256()
        for part in ("traces", "buckets", "learned", "runs", "run_trust", "text", "places", "match_trust", "weights", "outer", "curves"):
            value = getattr(self, part)
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, array) and sys.byteorder == "big":
                    one = one[:]
                    one.byteswap()
                digest.update(bytes(one) if isinstance(one, bytearray) else one.tobytes())
        return digest.hexdigest()


def toward_zero(a, b):
    return a // b if a >= 0 else -(-a // b)


# ---------------------------------------------------------------- coder


def pack(model, text):
    model.start(Position())
    low, high, out = 0, M32, bytearray()
    for byte in text:
        for shift in range(7, -1, -1):
            bit = byte >> shift & 1
            middle = low + ((high - low) * model.predict() >> 16)
            low, high = (low, middle) if bit else (middle + 1, high)
            model.update(bit)
            while low >> 24 == high >> 24:
                out.append(high >> 24)
                low, high = low << 8 & M32, high << 8 & M32 | 255
    for count in range(5):
        rest = M32 >> 8 * count
        first = (low + rest) & ~rest
        if first <= high:
            out += struct.pack(">I", first)
            break
    return bytes(out).rstrip(b"\0")


def unpack(model, body):
    """The text, or None."""
    model.start(Position())
    code, read, low, high, out = 0, 4, 0, M32, bytearray()
    code = int.from_bytes((body + bytes(4))[:4], "big")
    while not model.position.ended:
        if len(out) == MOST_BYTES or len(model.position.frames) > MOST_DEPTH:
            return None
        byte = 0
        for _ in range(8):
            middle = low + ((high - low) * model.predict() >> 16)
            bit = int(code <= middle)
            low, high = (low, middle) if bit else (middle + 1, high)
            model.update(bit)
            byte = byte << 1 | bit
            while low >> 24 == high >> 24:
                low, high = low << 8 & M32, high << 8 & M32 | 255
                code = code << 8 & M32 | (body[read] if read < len(body) else 0)
                read += 1
        out.append(byte)
    return bytes(out) if len(body) <= read and not body.endswith(b"\0") else None


class Set:
    """Samples of a profile: a line of a file of samples, or of the vectors."""

    def __init__(self, line):
        self.number = line["number"]
        self.documents = [text.encode() for text in line["documents"]]
        digest = hashlib.sha256(struct.pack(">BI", self.number, line["profile"]))
        for document in self.documents:
            digest.update(document + b"\n")
        self.sha256 = digest.hexdigest()
        self.head = bytes([self.number]) + digest.digest()[:2]
        assert self.sha256 == line["sha256"], f"the SHA-256 of set {self.number}"

    def read_by(self, model):
        for document in self.documents:
            model.start(Position())
            for byte in document:
                for shift in range(7, -1, -1):
                    model.predict()
                    model.update(byte >> shift & 1)


def pack_with(samples, model, text):
    return (samples.head if samples else b"") + pack(model, text)


def unpack_with(samples, model, body):
    if not samples:
        return unpack(model, body)
    return unpack(model, body[3:]) if body[:3] == samples.head else None


def check(model, base, vectors, count):
    wrong = []
    sets = {line["number"]: (Set(line), line) for line in vectors.get("sets", [])}
    checked = vectors["bodies"][:count]
    for number in sorted({vector.get("set", 0) for vector in checked}):
        samples, primed, start = None, vectors.get("primed_sha256"), base
        model.undo(base)
        if number:
            samples, line = sets[number]
            samples.read_by(model)
            primed, start = line["primed_sha256"], model.snapshot()
        if model.digest() != primed:
            wrong.append(f"the primed model of set {number}")
        for vector in checked:
            if vector.get("set", 0) != number:
                continue
            body = bytes.fromhex(vector["body"])
            text = vector["text"].encode() if vector["expect"] == "unpacked" else None
            unpacked = unpack_with(samples, model, body)
            model.undo(start)
            holds = unpacked == text
            if text is not None and vector.get("packed", True):
                holds &= pack_with(samples, model, text) == body
                holds &= model.digest() == vector["state_sha256"]
                model.undo(start)
            if not holds:
                wrong.append(vector["name"])
    model.undo(base)
    return len(checked), wrong


def set_of(path, number):
    # Only a line feed ends a line, and what is behind the last one is none.
    for line in Path(path).read_text("utf-8").split("\n")[:-1]:
        line = json.loads(line).get("set")
        if line and line["number"] == int(number):
            return Set(line)
    raise SystemExit(f"there is no set {number}")


def main():
    arguments, samples = sys.argv[1:], None
    if arguments[0] == "--samples":
        samples, arguments = set_of(*arguments[1:3]), arguments[3:]
    prior, *rest = arguments
    prior = Path(prior).read_bytes()
    model = Model.primed(prior)
    base = model.snapshot()
    if rest[0] in ("pack", "unpack"):
        if samples:
            samples.read_by(model)
            base = model.snapshot()
        for line in sys.stdin.buffer:
            line = line.rstrip(b"\n")
            if rest[0] == "pack":
                text = pack_with(samples, model, line).hex().encode()
            else:
                text = unpack_with(samples, model, bytes.fromhex(line.decode()))
            model.undo(base)
            sys.stdout.buffer.write((b"not codec 2" if text is None else text) + b"\n")
        return 0
    count = int(rest.pop()) if rest[-1].isdigit() else None
    failed = False
    for path in rest:
        vectors = json.loads(Path(path).read_text("utf-8"))
        checked, wrong = check(model, base, vectors, count)
        if hashlib.sha256(prior).hexdigest() != vectors["prior_sha256"]:
            wrong.append("the prior")
        for name in wrong:
            print("differs:", name)
        print(f"{Path(path).stem}: {checked} known answers, {len(wrong)} wrong")
        failed |= bool(wrong) or not checked
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
