"""What schemathesis.toml cannot say: which refusals of a right request are right, and which are not.

Loaded through SCHEMATHESIS_HOOKS by tests/system/description.rs.
"""

import schemathesis

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
}


@schemathesis.check
def a_right_request_is_refused_only_for_what_no_schema_can_say(ctx, response, case) -> None:
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return
    problem = response.json()
    if problem.get("code") in ONLY_THE_SERVER_KNOWS:
        return
    pointers = [error["pointer"] for error in problem.get("errors", [])]
    assert pointers and all(pointer.removeprefix("/style").lstrip("/") in NO_SCHEMA_SAYS for pointer in pointers), (
        f"422 {problem.get('code')} for {pointers}, and the description allows the request"
    )
