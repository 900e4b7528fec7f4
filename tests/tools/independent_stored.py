"""Version 2 of docs/token-format.md, stored tokens, written from that document alone beside `independent_token.py`.

    independent_stored.py open --keyring FILE --database FILE [--now UNIX] [--pin PIN] TEXT
    independent_stored.py vectors TOKENS                                       the known answers, a file

`open` takes a link, or a token in either text form, and a SQLite file of the server's; it writes the document's bytes and
nothing else. Any other answer goes to standard error, with exit code 1. The database is only read.
"""

import argparse
import hmac
import json
import sqlite3
import sys
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from independent_token import (
    TAG_BYTES,
    TOKEN_EPOCH,
    Answer,
    Claims,
    Keyring,
    checked,
    expand,
    expect,
    extract,
    from_either,
    from_link,
    mac,
    not_recognised,
    read_claims,
    to_base64url,
    to_digits,
    u32be,
    unpacked,
)

TOKEN_BYTES, NONCE_BYTES, VERIFIER_BYTES = 17, 12, 16
MOST_DOCUMENT_BYTES = 1 << 20
KINDS = {"document": 1, "link": 2}


@dataclass
class Token:
    """A token that was recognised."""

    byte_0: bytes
    secret: bytes
    prk: bytes
    audience: bytes
    id: bytes

    @staticmethod
    def recognise(keyring: Keyring, token: bytes) -> "Token":
        if len(token) != TOKEN_BYTES or token[0] >> 5 != 2 or token[0] & 0x1F not in keyring.secrets:
            raise not_recognised()
        slot, byte_0, secret, check = token[0] & 0x1F, token[:1], token[1:13], token[13:]
        prk, audience = extract(b"qrseal/v2", keyring.secrets[slot]), keyring.audience
        right = mac(expand(prk, b"qrseal/v2/check" + byte_0), byte_0 + secret + audience)[:4]
        if not hmac.compare_digest(right, check):
            raise not_recognised()
        if keyring.states[slot] == "disabled":
            raise Answer("key retired")
        token_id = mac(expand(prk, b"qrseal/v2/id" + byte_0), secret + audience)[:12]
        return Token(byte_0, secret, prk, audience, token_id)

    def sealed_beside(self, label: bytes, key: bytes, sealed: bytes) -> bytes:
        """The 17 bytes that are sealed beside a record."""
        aad = label + self.byte_0 + self.id + self.audience
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)

    def of_issue(self, idempotency_key: bytes, sealed: bytes) -> bytes:
        label = b"qrseal/v2/issue"
        prk = extract(expand(self.prk, label + self.byte_0), idempotency_key)
        return self.sealed_beside(label, expand(prk, label + self.id), sealed)

    def of_link(self, sealed: bytes) -> bytes:
        label = b"qrseal/v2/link-token"
        return self.sealed_beside(label, expand(self.prk, label + self.byte_0 + self.id), sealed)


@dataclass
class Row:
    """What the store has of a token."""

    kind: int
    revision: int
    issue_minute: int
    record: bytes

    @staticmethod
    def read(path: str, token: Token) -> "Row":
        with sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True) as database:
            statement = "SELECT kind, revision, issued_at, record FROM records WHERE token_id = ?"
            found = database.execute(statement, (token.id,)).fetchone()
        if found is None or found[3] is None:
            raise Answer("ended")
        kind, revision, issued_at, record = found
        return Row(kind, revision, (issued_at - TOKEN_EPOCH) // 60, record)

    def minute(self) -> bytes:
        return self.issue_minute.to_bytes(3, "big")

    def where(self, token: Token) -> bytes:
        return token.byte_0 + bytes([self.kind]) + token.id + u32be(self.revision) + self.minute()

    def key(self, token: Token) -> bytes:
        if self.kind == KINDS["link"]:
            return expand(token.prk, b"qrseal/v2/link" + token.byte_0 + token.id + u32be(self.revision))
        label = b"qrseal/v2/document"
        prk = extract(expand(token.prk, label + token.byte_0), token.secret)
        return expand(prk, label + token.id + u32be(self.revision))

    def pin_key(self, token: Token, pin: str) -> bytes:
        bound = token.byte_0 + self.minute() + token.id + self.record[:NONCE_BYTES]
        salt = mac(expand(token.prk, b"qrseal/v2/pin-salt" + token.byte_0), bound)[:16]
        password = unicodedata.normalize("NFC", pin).encode("utf-8")
        ph = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=65_536).derive(password)
        prk = extract(expand(token.prk, b"qrseal/v2/pin" + token.byte_0), ph)
        return expand(prk, b"qrseal/v2/pin" + bound)


def open_row(token: Token, row: Row, now: int, pin: str | None) -> tuple[Claims, bytes]:
    """The claims and the document, or the target of a link."""
    nonce, sealed, where = row.record[:NONCE_BYTES], row.record[NONCE_BYTES:], row.where(token)
    try:
        aad = b"qrseal/v2/record" + where + token.audience
        claims, front, body = read_claims(AESGCM(row.key(token)).decrypt(nonce, sealed, aad))
    except (InvalidTag, ValueError, Answer):
        raise Answer("unavailable") from None
    since_epoch = now - TOKEN_EPOCH
    if 60 * row.issue_minute > since_epoch + 300:
        raise Answer("clock")
    if claims.expiry is not None and since_epoch >= 60 * (row.issue_minute + claims.expiry) + 60:
        raise Answer("expired")
    if claims.pin:
        body = past_pin(token, row, front, body, pin)
    if len(body) > MOST_DOCUMENT_BYTES + TAG_BYTES:
        raise Answer("unavailable")
    return claims, unpacked(body, MOST_DOCUMENT_BYTES) if claims.codec == 1 else body


def past_pin(token: Token, row: Row, front: bytes, body: bytes, pin: str | None) -> bytes:
    if pin is None:
        raise Answer("PIN needed")
    key = row.pin_key(token, pin)
    if row.kind == KINDS["link"]:
        verifier, body = body[:VERIFIER_BYTES], body[VERIFIER_BYTES:]
        if not hmac.compare_digest(expand(key, b"qrseal/v2/verifier")[:VERIFIER_BYTES], verifier):
            raise Answer("PIN incorrect")
        return body
    aad = b"qrseal/v2/pin" + row.where(token) + front + token.audience
    try:
        return AESGCM(key).decrypt(row.record[:NONCE_BYTES], body, aad)
    except InvalidTag:
        raise Answer("PIN incorrect") from None


# ---- The known answers ----


def run_vectors(path: str) -> int:
    vectors = json.loads(Path(path).read_text("utf-8"))
    by_name, wrong, opened = {vector["name"]: vector for vector in vectors["tokens"]}, [], 0
    checks = [(check_token, vector) for vector in vectors["tokens"]]
    checks += [(check_not_opened, vector) for vector in vectors["not_opened"]]
    checks += [(check_record, {**by_name[vector["of"]], **vector}) for vector in vectors["records"]]
    checks += [(check_beside, {**by_name[vector["of"]], **vector}) for vector in vectors["sealed_beside"]]
    for check, vector in checks:
        try:
            check(vector)
            opened += check is check_token
        except (AssertionError, Answer) as error:
            wrong.append(f"{vector['name']}: {error}")
    print(f"{len(checks)} known answers of version 2, {opened} of them tokens that open")
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong or opened == 0 else 0


def keyring_of(vector: dict) -> Keyring:
    slot = vector["slot"]
    return Keyring(vector["audience"].encode("ascii"), {slot: bytes.fromhex(vector["master"])}, {slot: "primary"})


def row_of(vector: dict) -> Row:
    record = bytes.fromhex(vector["record"])
    return Row(KINDS[vector["kind"]], vector["revision"], vector["issue_minute"], record)


def check_token(vector: dict) -> None:
    token, bare = Token.recognise(keyring_of(vector), from_either(vector["digits"])), bytes.fromhex(vector["token"])
    expect(to_digits(bare) == vector["digits"] and to_base64url(bare) == vector["base64url"], "text forms")
    expect(token.id.hex() == vector["id"] and token.secret.hex() == vector["secret"], "id")
    row = row_of(vector)
    expect(row.key(token).hex() == vector["record_key"], "record key")
    claims, document = open_row(token, row, vector["now"], vector["pin"])
    expect(document == vector["body"].encode("utf-8"), "body")
    for name, got in (("expiry_minutes", claims.expiry), ("max_opens", claims.max_opens), ("profile", claims.profile)):
        expect(vector[name] == got, name)
    if claims.pin:
        try:
            open_row(token, row, vector["now"], vector["pin"] + "0")
        except Answer as answer:
            expect(str(answer) == "PIN incorrect", "wrong PIN")
        else:
            raise AssertionError("opens with a wrong PIN")


def check_not_opened(vector: dict) -> None:
    try:
        Token.recognise(keyring_of(vector), from_either(vector["digits"]))
    except Answer as answer:
        expect(str(answer) == vector["expect"], f"{answer} instead of {vector['expect']}")
    else:
        expect(vector["expect"] == "gone", f"recognised instead of {vector['expect']}")


def check_record(vector: dict) -> None:
    token = Token.recognise(keyring_of(vector), bytes.fromhex(vector["token"]))
    try:
        open_row(token, row_of(vector), vector["now"], vector["pin"])
    except Answer as answer:
        expect(str(answer) == vector["expect"], f"{answer} instead of {vector['expect']}")
    else:
        raise AssertionError("opens")


def check_beside(vector: dict) -> None:
    token, sealed = Token.recognise(keyring_of(vector), bytes.fromhex(vector["token"])), bytes.fromhex(vector["sealed"])
    key = vector.get("idempotency_key")
    found = token.of_link(sealed) if key is None else token.of_issue(key.encode("utf-8"), sealed)
    expect(found.hex() == vector["token"], "the token")


# ---- The command line ----


def main() -> int:
    parser = argparse.ArgumentParser(description="stored tokens by docs/token-format.md")
    verbs = parser.add_subparsers(dest="verb", required=True)
    opening, known = verbs.add_parser("open"), verbs.add_parser("vectors")
    opening.add_argument("--keyring", required=True)
    opening.add_argument("--database", required=True)
    opening.add_argument("--now", type=int, default=int(time.time()), help="Unix seconds")
    opening.add_argument("--pin")
    opening.add_argument("text")
    known.add_argument("tokens")
    options = parser.parse_args()
    if options.verb == "vectors":
        return run_vectors(options.tokens)
    try:
        text = from_link(options.text) if ":" in options.text else from_either(options.text)
        token = Token.recognise(Keyring.read(options.keyring), text)
        claims, document = open_row(token, Row.read(options.database, token), options.now, options.pin)
        if claims.max_opens is not None or claims.staff_only:
            raise Answer("recognised, but what it asks for cannot be honoured here")
        document = checked(document, MOST_DOCUMENT_BYTES)
    except Answer as answer:
        print(answer, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(document)
    return 0


if __name__ == "__main__":
    sys.exit(main())
