"""What schemathesis.toml cannot say: which refusals of a right request are right, and which are not.

Loaded through SCHEMATHESIS_HOOKS by tests/system/description.rs.
"""

import schemathesis

# No schema can say whether a text fits a symbol, or whether two colours are far enough apart for a scanner.
ONLY_THE_SERVER_KNOWS = {"qr_capacity", "style_unscannable"}


@schemathesis.check
def a_right_request_is_refused_only_for_what_no_schema_can_say(ctx, response, case) -> None:
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return
    code = response.json().get("code")
    assert code in ONLY_THE_SERVER_KNOWS, f"422 {code}, and the description allows the request"
