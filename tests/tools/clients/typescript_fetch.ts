// Seals, opens, asks, revokes and draws with the client that OpenAPI Generator made (typescript-fetch).
// Argument: the server's address.

import assert from "node:assert";
import { Configuration, OpenApi, PlainCodesApi, ReceiptsApi, RevokeApi, SealApi } from "./client/index";

const document = { id: "INV-1", amount: 12.5 };
const settings = new Configuration({ basePath: process.argv[2], headers: { Accept: "application/json" } });

async function main(): Promise<void> {
    const seal = new SealApi(settings);
    const sealed = await seal.sealPayload({ body: document });
    assert(sealed.link.startsWith("http"));

    const limited = await seal.issueToken({ tokenEnvelope: { payload: document, maxOpens: 1, expiresIn: 3600 } });
    assert.equal(limited.maxOpens, 1);
    const request = { ctext: limited.token, openId: "typescript-fetch-01" };
    const opened = await new OpenApi(settings).countByBody({ openTokenRequest: request });
    assert.deepStrictEqual(opened, document);

    const receipts = new ReceiptsApi(settings);
    const receipt = await receipts.showReceipt({ id: limited.id });
    assert.equal(receipt.opens, 1);
    assert(receipt.revocation == null);
    const reason = "wrong amount";
    const revocation = await new RevokeApi(settings).revokeToken({ id: sealed.id, revocationEnvelope: { reason } });
    assert.equal(revocation.reason, reason);
    const revoked = await receipts.showReceipt({ id: sealed.id });
    assert.equal(revoked.revocation?.reason, reason);

    const drawn = await new PlainCodesApi(settings).drawCode({ codeEnvelope: { value: "x" } });
    assert.equal(drawn.qr.version, 1);
}

void main();
