"""What schemathesis.toml cannot say: which refusals of a right request are right, and which are not.

Loaded through SCHEMATHESIS_HOOKS by tests/system/description.rs.
"""

import json
import re

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines_of_json(_ctx, value) -> bytes:
    """A body of lines: as it is, if it is text."""
    return value if isinstance(value, bytes) else (value if isinstance(value, str) else json.dumps(value)).encode()


# No schema can say whether a text fits a symbol, or whether scanners would read it in a style.
ONLY_THE_SERVER_KNOWS = {"qr_capacity", "style_unscannable"}

# Nor what these have to be.
NO_SCHEMA_SAYS = {
    # A picture, in base64.
    "logo",
    # One of the names in the configuration.
    "style",
    "name",
    # 4,096 pixels are the most, and the text decides how many modules there are.
    "scale",
    # So it does how wide a module gets; and one of the two may be given.
    "width_mm",
    "module_mm",
    # 32 bytes are the most, and a schema counts characters.
    "wifi/ssid",
    # One of the names has to say something.
    "vcard/last_name",
    "mecard/last_name",
    # Check digits; an amount above zero; not both of reference and text, and 331 bytes in all.
    "epc_payment/iban",
    "epc_payment/reference",
    "epc_payment/amount",
    "epc_payment/text",
    # Not before the beginning, and of the same kind.
    "event/ends_at",
    # Needed with a limit and with a PIN.
    "expires_in",
    # Those that are tried first are refused; one that is drawn and one that is given exclude each other, and one that is drawn
    # has to be in the answer.
    "pin",
    "pin_auto",
    "print_pin",
    # A payment takes level M only.
    "ecl",
    # For a JSON answer only.
    "include",
    # Not beside a PIN that is printed there.
    "caption",
    # The one with the id in the path.
    "token",
    # A token that is limited: whoever has another one cannot destroy it.
    "destroy",
    # An address with a public host that is not blocked; and one is needed where nothing else is.
    "target",
    "fallback",
    "rules/target",
    # A rule has a condition. A time is not before the one that it follows.
    "rules",
    "rules/from",
    "rules/until",
    "not_before",
    "from",
    "to",
    # Text that is not white space alone.
    "message",
    # So many digits between other signs.
    "vcard/phone",
    "vcard/mobile",
    "mecard/phone",
    "sms/number",
    # What a profile lets a code be.
    "max_opens",
    "storage",
    "profile",
}

# Of lists and what is scanned at them: names without control characters or white space around them, times in the list's place, a
# gate that the list has, profiles that there are, what one setting asks of another, and staff that there is.
NO_SCHEMA_SAYS_OF_LISTS = {
    # Something has to be given at all.
    "",
    "accepts",
    "accounts",
    "api_keys",
    "closes_at",
    "exit_all_at",
    "exits",
    "from",
    "gate",
    "gates",
    "kind",
    "max_inside",
    "name",
    "note",
    "opens_at",
    "people",
    "pin",
    "reason",
    "roll_call",
    "since",
    "time_zone",
    "until",
}


def known(pointer: str) -> bool:
    # Which rule it is, or which option of a style, does not matter.
    name = re.sub(r"^/rules/[0-9]+(?=/|$)", "/rules", pointer)
    return (name.removeprefix("/style/") if name.startswith("/style/") else name.removeprefix("/")) in NO_SCHEMA_SAYS


@schemathesis.check
def a_right_request_is_refused_only_for_what_no_schema_can_say(ctx, response, case) -> None:
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return
    # A text that is a table, with the columns and the options that it takes, is more than a schema can ask for.
    if case.operation.path == "/api/batches":
        return
    problem = response.json()
    if problem.get("code") in ONLY_THE_SERVER_KNOWS:
        return
    # What has a keyword is said by the schema of the profile that was asked for.
    pointers = [error["pointer"] for error in problem.get("errors", []) if "keyword" not in error]
    if not pointers and problem.get("errors"):
        return
    if case.operation.path.startswith(("/api/lists", "/api/check-ins")):
        pointers = [pointer for pointer in pointers if pointer.removeprefix("/").split("/")[0] not in NO_SCHEMA_SAYS_OF_LISTS]
        assert not pointers, f"422 for {pointers}, and the description allows the request"
        return
    assert pointers and all(known(pointer) for pointer in pointers), (
        f"422 {problem.get('code')} for {pointers}, and the description allows the request"
    )
