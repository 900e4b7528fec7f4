// Seals, opens, asks, revokes and draws with openapi-fetch and the types that openapi-typescript made.
// Argument: the server's address.

import assert from "node:assert";
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

const document = { id: "INV-1", amount: 12.5 };
const client = createClient<paths>({ baseUrl: process.argv[2], headers: { Accept: "application/json" } });

const sealed = await client.POST("/api/qrcode/encrypted-payload", { body: document });
assert(sealed.data && typeof sealed.data === "object" && sealed.data.link.startsWith("http"));

const envelope = { payload: document, max_opens: 1, expires_in: 3600 };
const limited = await client.POST("/api/tokens", { body: envelope });
assert(limited.data && typeof limited.data === "object" && limited.data.max_opens === 1);
const request = { ctext: limited.data.token, open_id: "openapi-fetch-000001" };
const opened = await client.POST("/api/decrypt/qrcode-details", { body: request });
assert.deepStrictEqual(opened.data, document);

const receipt = await client.GET("/api/tokens/{id}", { params: { path: { id: limited.data.id } } });
assert(receipt.data && receipt.data.opens === 1 && receipt.data.revocation === null);
const path = { id: sealed.data.id };
const revocation = await client.POST("/api/tokens/{id}/revoke", { params: { path }, body: { reason: "wrong amount" } });
assert.equal(revocation.data?.reason, "wrong amount");
const revoked = await client.GET("/api/tokens/{id}", { params: { path } });
assert.equal(revoked.data?.revocation?.reason, "wrong amount");

const drawn = await client.POST("/api/qrcode", { body: { value: "x" } });
assert(drawn.data && typeof drawn.data === "object" && drawn.data.qr.version === 1);
