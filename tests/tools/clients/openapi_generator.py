"""Seals, opens, asks, revokes and draws with the Python client that OpenAPI Generator made.

Arguments: the folder of the package `openapi_client`, the server's address.
"""

import sys

sys.path.insert(0, sys.argv[1])

import openapi_client as api  # noqa: E402

document = {"id": "INV-1", "amount": 12.5}
client = api.ApiClient(api.Configuration(host=sys.argv[2]))

sealed = api.SealApi(client).seal_payload(document)
assert sealed.link.startswith("http"), sealed

envelope = api.TokenEnvelope(payload=document, max_opens=1, expires_in=3600)
limited = api.SealApi(client).issue_token(envelope)
assert limited.max_opens == 1, limited
request = api.OpenTokenRequest(ctext=limited.token, open_id="openapi-generator-01")
opened = api.OpenApi(client).count_by_body(request)
assert opened == document, opened

receipt = api.ReceiptsApi(client).show_receipt(limited.id)
assert (receipt.id, receipt.opens, receipt.revocation) == (limited.id, 1, None), receipt
revocation = api.RevokeApi(client).revoke_token(sealed.id, api.RevocationEnvelope(reason="wrong amount"))
assert revocation.reason == "wrong amount", revocation
revoked = api.ReceiptsApi(client).show_receipt(sealed.id)
assert revoked.revocation.reason == "wrong amount", revoked

drawn = api.PlainCodesApi(client).draw_code(api.CodeEnvelope(value="x"))
assert drawn.qr.version == 1, drawn
