"""A second implementation of docs/token-format.md, version 1, written from that document alone.

    independent_token.py open --keyring FILE [--now UNIX] [--pin PIN] TEXT     a link, or a token in either text form
    independent_token.py seal --keyring FILE [--now UNIX] [...] DOCUMENT       prints the token's digits
    independent_token.py vectors TOKENS CODEC_1                                the known answers, two files

`open` writes the document's bytes and nothing else; any other answer goes to standard error, with exit code 1. Nothing of
qrseal's own code is used here: the ciphers are those of the Python package `cryptography`, zstd is the package `zstandard`.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import re
import sys
import time
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

TOKEN_EPOCH = 1_735_689_600
HEAD_BYTES, NONCE_BYTES, TAG_BYTES = 4, 12, 16
LEAST_TOKEN_BYTES, MOST_TOKEN_BYTES = 33, 65_597
MOST_DOCUMENT_BYTES, MOST_DEPTH = 65_536, 32
MOST_CLAIM = (1 << 28) - 1
EXPIRY, LIMITED, PIN, PROFILE, STAFF_ONLY, RESERVED = (1 << bit for bit in (2, 3, 4, 5, 6, 7))
DICTIONARY_1 = Path(__file__).parents[2] / "src/payload/dictionary-1.bin"
DICTIONARY_1_SHA256 = "758acfdda6ff87ad7d4b0dd009ba4dc2b2f507b7746df0daf834179b6f687a4b"
FRAME_FRONT = bytes.fromhex("28b52ffd0038")
# Digits of a group of so many bytes.
WIDTHS = (0, 3, 5, 8, 10, 13, 15, 17, 20, 22, 25, 27, 29)


class Answer(Exception):
    """An answer other than the document."""


def not_recognised() -> Answer:
    return Answer("not recognised")


# ---- Text forms ----


def to_digits(token: bytes) -> str:
    groups = (token[at : at + 12] for at in range(0, len(token), 12))
    return "".join(str(int.from_bytes(group, "big")).zfill(WIDTHS[len(group)]) for group in groups)


def from_digits(text: str) -> bytes:
    if not re.fullmatch("[0-9]+", text, re.ASCII):
        raise not_recognised()
    token = b""
    for at in range(0, len(text), 29):
        group = text[at : at + 29]
        if len(group) not in WIDTHS:
            raise not_recognised()
        size, number = WIDTHS.index(len(group)), int(group)
        if number >= 256**size:
            raise not_recognised()
        token += number.to_bytes(size, "big")
    return token


def to_base64url(token: bytes) -> str:
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    if not re.fullmatch("[A-Za-z0-9_-]+", text, re.ASCII) or len(text) % 4 == 1:
        raise not_recognised()
    token = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # The unused bits are zero: the bytes have no other text.
    if to_base64url(token) != text:
        raise not_recognised()
    return token


def from_either(text: str) -> bytes:
    return from_digits(text) if re.fullmatch("[0-9]+", text, re.ASCII) else from_base64url(text)


def from_link(link: str) -> bytes:
    parts = urlsplit(link)
    if parts.path.endswith("/api/decrypt/qrcode-details"):
        texts = [value for name, value in parse_qsl(parts.query, keep_blank_values=True) if name == "ctext"]
        if len(texts) != 1:
            raise not_recognised()
        return from_either(texts[0])
    return from_digits(parts.path.rsplit("/", 1)[-1])


# ---- Keys ----


@dataclass
class Keyring:
    audience: bytes
    secrets: dict[int, bytes]
    states: dict[int, str]

    @staticmethod
    def read(path: str) -> "Keyring":
        with open(path, encoding="utf-8") as file:
            written = json.load(file)
        keys = {key["slot"]: key for key in written["keys"]}
        secrets = {slot: from_base64url(key["secret"]) for slot, key in keys.items() if key.get("secret") is not None}
        return Keyring(written["audience"].encode("ascii"), secrets, {slot: key["state"] for slot, key in keys.items()})

    def primary(self) -> int:
        (slot,) = (slot for slot, state in self.states.items() if state == "primary")
        return slot


def mac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def extract(salt: bytes, ikm: bytes) -> bytes:
    return mac(salt, ikm)


def expand(prk: bytes, info: bytes) -> bytes:
    return mac(prk, info + b"\x01")


def u32be(number: int) -> bytes:
    return number.to_bytes(4, "big")


def prk_of(secret: bytes) -> bytes:
    return extract(b"qrseal/v1", secret)


def token_key(secret: bytes, head: bytes) -> bytes:
    issue_minute = int.from_bytes(head[1:], "big")
    return expand(prk_of(secret), b"qrseal/v1/token" + head[:1] + u32be(issue_minute // 60))


def pin_key(secret: bytes, head: bytes, nonce: bytes, pin: str) -> bytes:
    prk = prk_of(secret)
    salt = mac(expand(prk, b"qrseal/v1/pin-salt" + head[:1]), head + nonce)[:16]
    password = unicodedata.normalize("NFC", pin).encode("utf-8")
    ph = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=65_536).derive(password)
    return expand(extract(expand(prk, b"qrseal/v1/pin" + head[:1]), ph), b"qrseal/v1/pin" + head + nonce)


# ---- Flags and claims ----


@dataclass
class Claims:
    codec: int = 0
    expiry: int | None = None
    max_opens: int | None = None
    profile: int | None = None
    staff_only: bool = False
    pin: bool = False

    def to_bytes(self) -> bytes:
        bits = {EXPIRY: self.expiry is not None, LIMITED: self.max_opens is not None, PIN: self.pin}
        bits |= {PROFILE: self.profile is not None, STAFF_ONLY: self.staff_only}
        flags = self.codec | sum(bit for bit, is_set in bits.items() if is_set)
        claims = (claim for claim in (self.expiry, self.max_opens, self.profile) if claim is not None)
        return bytes([flags]) + b"".join(leb128(claim) for claim in claims)


def leb128(number: int) -> bytes:
    if not 1 <= number <= MOST_CLAIM:
        raise ValueError(f"a claim is 1 to {MOST_CLAIM}")
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def read_leb128(plaintext: bytes, at: int) -> tuple[int, int]:
    number = 0
    for place in range(4):
        if at + place >= len(plaintext):
            raise not_recognised()
        byte = plaintext[at + place]
        number |= (byte & 0x7F) << (7 * place)
        if byte & 0x80 == 0:
            if byte == 0:
                raise not_recognised()
            return number, at + place + 1
    raise not_recognised()


def read_claims(plaintext: bytes) -> tuple[Claims, bytes, bytes]:
    """The claims, their bytes with the flags, and the body."""
    if not plaintext or plaintext[0] & RESERVED or plaintext[0] & 3 > 1:
        raise not_recognised()
    flags, at, read = plaintext[0], 1, {}
    for bit in (EXPIRY, LIMITED, PROFILE):
        if flags & bit:
            read[bit], at = read_leb128(plaintext, at)
    claims = Claims(
        flags & 3, read.get(EXPIRY), read.get(LIMITED), read.get(PROFILE), bool(flags & STAFF_ONLY), bool(flags & PIN)
    )
    if claims.max_opens is not None and claims.expiry is None:
        raise not_recognised()
    return claims, plaintext[:at], plaintext[at:]


# ---- Sealing ----


def seal(keyring: Keyring, slot: int, nonce: bytes, issue_minute: int, claims: Claims, body: bytes, pin: str | None) -> bytes:
    head = bytes([1 << 5 | slot]) + issue_minute.to_bytes(3, "big")
    secret, front = keyring.secrets[slot], claims.to_bytes()
    if pin is not None:
        aad = b"qrseal/v1/pin" + head + front + keyring.audience
        body = AESGCM(pin_key(secret, head, nonce, pin)).encrypt(nonce, body, aad)
    return head + nonce + AESGCM(token_key(secret, head)).encrypt(nonce, front + body, head + keyring.audience)


# ---- Opening ----


@dataclass
class Opened:
    """An authentic token whose claims were read and whose time has not passed; its body is still packed."""

    claims: Claims
    head: bytes
    nonce: bytes
    front: bytes
    body: bytes
    secret: bytes = field(repr=False)
    audience: bytes = b""

    def document(self, pin: str | None) -> bytes:
        body = self.body
        if self.claims.pin:
            if pin is None:
                raise Answer("PIN needed")
            aad = b"qrseal/v1/pin" + self.head + self.front + self.audience
            try:
                body = AESGCM(pin_key(self.secret, self.head, self.nonce, pin)).decrypt(self.nonce, body, aad)
            except InvalidTag:
                raise Answer("PIN incorrect") from None
        return checked(unpacked(body) if self.claims.codec == 1 else body)


def open_token(keyring: Keyring, now: int, token: bytes) -> Opened:
    """Steps 2 to 10 of "Opening"; `now` in Unix seconds."""
    if not token or token[0] >> 5 != 1 or not LEAST_TOKEN_BYTES <= len(token) <= MOST_TOKEN_BYTES:
        raise not_recognised()
    head, nonce, sealed = token[:HEAD_BYTES], token[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES], token[HEAD_BYTES + NONCE_BYTES :]
    slot, issue_minute = head[0] & 0x1F, int.from_bytes(head[1:], "big")
    if slot not in keyring.secrets:
        raise not_recognised()
    secret = keyring.secrets[slot]
    try:
        plaintext = AESGCM(token_key(secret, head)).decrypt(nonce, sealed, head + keyring.audience)
    except InvalidTag:
        raise not_recognised() from None
    if keyring.states[slot] == "disabled":
        raise Answer("key retired")
    claims, front, body = read_claims(plaintext)
    most = MOST_DOCUMENT_BYTES + (TAG_BYTES if claims.pin else 0)
    if not (TAG_BYTES + 1 if claims.pin else 1) <= len(body) <= most:
        raise not_recognised()
    since_epoch = now - TOKEN_EPOCH
    if 60 * issue_minute > since_epoch + 300:
        raise Answer("clock")
    if claims.expiry is not None and since_epoch >= 60 * (issue_minute + claims.expiry) + 60:
        raise Answer("expired")
    return Opened(claims, head, nonce, front, body, secret, keyring.audience)


def unpacked(body: bytes, most: int = MOST_DOCUMENT_BYTES) -> bytes:
    """Codec 1: one zstd frame that uses the whole body."""
    frame = FRAME_FRONT + body
    reader = zstandard.ZstdDecompressor(dict_data=dictionary_1(), max_window_size=1 << 17).decompressobj()
    document = b""
    try:
        # So few bytes at a time that none of them gives much more than a document may have.
        for at in range(0, len(frame), 4):
            if reader.eof:
                raise not_recognised()
            document += reader.decompress(frame[at : at + 4])
            if len(document) > most:
                raise not_recognised()
    except zstandard.ZstdError:
        raise not_recognised() from None
    if not reader.eof or reader.unused_data:
        raise not_recognised()
    return document


@cache
def dictionary_1() -> zstandard.ZstdCompressionDict:
    dictionary = DICTIONARY_1.read_bytes()
    if hashlib.sha256(dictionary).hexdigest() != DICTIONARY_1_SHA256:
        sys.exit(f"{DICTIONARY_1} is not dictionary 1")
    return zstandard.ZstdCompressionDict(dictionary, dict_type=zstandard.DICT_TYPE_FULLDICT)


def checked(body: bytes, most: int = MOST_DOCUMENT_BYTES) -> bytes:
    """The body, if it is one JSON value as the format has it."""
    if len(body) > most or body.startswith(b"\xef\xbb\xbf"):
        raise not_recognised()
    try:
        text = body.decode("utf-8")
        if depth(text) > MOST_DEPTH:
            raise not_recognised()
        json.loads(text, parse_constant=refuse_constant, parse_int=str, parse_float=str)
    except ValueError:
        raise not_recognised() from None
    return body


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def depth(text: str) -> int:
    """Most brackets open at once, outside strings."""
    deepest = level = 0
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text, re.DOTALL):
        if mark[0] in "[{":
            level += 1
            deepest = max(deepest, level)
        elif mark[0] in "]}":
            level -= 1
    return deepest


# ---- The known answers ----


def run_vectors(token_path: str, codec_path: str) -> int:
    vectors, bodies = (json.loads(Path(path).read_text("utf-8")) for path in (token_path, codec_path))
    wrong, opened = [], 0
    for vector in vectors["tokens"]:
        try:
            check_token(vector)
            opened += vector["expect"] == "opens"
        except AssertionError as error:
            wrong.append(f"token {vector['name']}: {error}")
    for form, decode, encode in (("digits", from_digits, to_digits), ("base64url", from_base64url, to_base64url)):
        for vector in vectors[form]:
            try:
                got = decode(vector[form])
                expected = vector["expect"] == "decodes" and got.hex() == vector["bytes"] and encode(got) == vector[form]
            except Answer as answer:
                expected = vector["expect"] == str(answer)
            if not expected:
                wrong.append(f"{form} {vector['name']}")
    for vector in bodies["bodies"]:
        try:
            text = unpacked(bytes.fromhex(vector["body"])).decode("utf-8")
            expected = vector["expect"] == "unpacked" and text == vector["text"]
        except Answer:
            expected = vector["expect"] == "refused"
        if not expected:
            wrong.append(f"codec 1: {vector['name']}")
    count = len(bodies["bodies"]) + sum(len(vectors[kind]) for kind in ("tokens", "digits", "base64url"))
    print(f"{count} known answers, {opened} of them tokens that open")
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong or opened == 0 else 0


def check_token(vector: dict) -> None:
    secret, slot = bytes.fromhex(vector["master"]), vector["slot"]
    keyring = Keyring(vector["audience"].encode("ascii"), {slot: secret}, {slot: "primary"})
    try:
        token = from_either(vector["digits"])
        expect(token.hex() == vector["token"], "digits")
        expect(from_either(vector["base64url"]) == token, "base64url")
        expect(to_digits(token) == vector["digits"] and to_base64url(token) == vector["base64url"], "text forms")
        opened = open_token(keyring, vector["now"], token)
        document = opened.document(vector.get("pin"))
    except Answer as answer:
        expect(str(answer) == vector["expect"], f"{answer} instead of {vector['expect']}")
        return
    expect(vector["expect"] == "opens", f"opens instead of {vector['expect']}")
    claims = opened.claims
    expect(token_key(secret, opened.head).hex() == vector["token_key"], "token_key")
    expect(document == vector["body"].encode("utf-8"), "body")
    for name, got in (("expiry_minutes", claims.expiry), ("max_opens", claims.max_opens), ("profile", claims.profile)):
        expect(vector[name] == got, name)
    expect(vector["staff_only"] == claims.staff_only and vector["codec"] == claims.codec, "flags")
    nonce = bytes.fromhex(vector["nonce"])
    again = seal(keyring, slot, nonce, vector["issue_minute"], claims, document, vector.get("pin"))
    expect(again == token, "sealed again")
    if claims.pin:
        try:
            opened.document(vector["pin"] + "0")
        except Answer as answer:
            expect(str(answer) == "PIN incorrect", "wrong PIN")
        else:
            raise AssertionError("opens with a wrong PIN")


def expect(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


# ---- The command line ----


def main() -> int:
    parser = argparse.ArgumentParser(description="a second implementation of docs/token-format.md")
    verbs = parser.add_subparsers(dest="verb", required=True)
    opening, sealing, known = verbs.add_parser("open"), verbs.add_parser("seal"), verbs.add_parser("vectors")
    for verb in (opening, sealing):
        verb.add_argument("--keyring", required=True)
        verb.add_argument("--now", type=int, default=int(time.time()), help="Unix seconds")
        verb.add_argument("--pin")
    opening.add_argument("text")
    sealing.add_argument("--minutes-ago", type=int, default=0)
    sealing.add_argument("--expiry-minutes", type=int)
    sealing.add_argument("--max-opens", type=int)
    sealing.add_argument("--profile", type=int)
    sealing.add_argument("--staff-only", action="store_true")
    sealing.add_argument("document")
    known.add_argument("tokens")
    known.add_argument("codec_1")
    options = parser.parse_args()
    if options.verb == "vectors":
        return run_vectors(options.tokens, options.codec_1)
    keyring = Keyring.read(options.keyring)
    if options.verb == "seal":
        claims = Claims(0, options.expiry_minutes, options.max_opens, options.profile, options.staff_only, options.pin is not None)
        minute = (options.now - TOKEN_EPOCH) // 60 - options.minutes_ago
        token = seal(keyring, keyring.primary(), os.urandom(12), minute, claims, options.document.encode("utf-8"), options.pin)
        print(to_digits(token))
        return 0
    try:
        token = from_link(options.text) if ":" in options.text else from_either(options.text)
        opened = open_token(keyring, options.now, token)
        if opened.claims.max_opens is not None or opened.claims.staff_only:
            raise Answer("recognised, but what it asks for cannot be honoured here")
        document = opened.document(options.pin)
    except Answer as answer:
        print(answer, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(document)
    return 0


if __name__ == "__main__":
    sys.exit(main())
