"""Seals, opens, asks, revokes and draws with the client that openapi-python-client made.

Arguments: the folder of the package `qrseal_client`, the server's address.
"""

import sys

sys.path.insert(0, sys.argv[1])

from qrseal_client import Client  # noqa: E402
from qrseal_client.api.open_ import count_by_body  # noqa: E402
from qrseal_client.api.plain_codes import draw_code  # noqa: E402
from qrseal_client.api.receipts import show_receipt  # noqa: E402
from qrseal_client.api.revoke import revoke_token  # noqa: E402
from qrseal_client.api.seal import issue_token, seal_payload  # noqa: E402
from qrseal_client.models import CodeEnvelope, OpenTokenRequest, RevocationEnvelope, TokenEnvelope  # noqa: E402

document = {"id": "INV-1", "amount": 12.5}
client = Client(base_url=sys.argv[2], headers={"Accept": "application/json"})

sealed = seal_payload.sync(client=client, body=document)
assert sealed.link.startswith("http"), sealed

limited = issue_token.sync(client=client, body=TokenEnvelope(payload=document, max_opens=1, expires_in=3600))
assert limited.max_opens == 1, limited
opened = count_by_body.sync(client=client, body=OpenTokenRequest(ctext=limited.token, open_id="python-client-0001"))
assert opened == document, opened

receipt = show_receipt.sync(limited.id, client=client)
assert (receipt.id, receipt.opens, receipt.revocation) == (limited.id, 1, None), receipt
revocation = revoke_token.sync(sealed.id, client=client, body=RevocationEnvelope(reason="wrong amount"))
assert revocation.reason == "wrong amount", revocation
revoked = show_receipt.sync(sealed.id, client=client)
assert revoked.revocation.reason == "wrong amount", revoked

drawn = draw_code.sync(client=client, body=CodeEnvelope(value="x"))
assert drawn.qr.version == 1, drawn
