-- The sealed documents of stored tokens. What the ledger knows of such a token stands in `tokens`, as for every other.
CREATE TABLE records (
    token_id BYTEA NOT NULL PRIMARY KEY,
    -- 1: a document, 2: a dynamic link.
    kind BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    -- 1 for the first record of a token, one more for each that replaces it.
    revision BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- Ciphertext, which needs the token itself; NULL once the token has ended.
    record BYTEA,
    record_bytes BIGINT NOT NULL,
    -- When the record goes: after the last minute of its token, or two minutes after its last open.
    record_ends_at BIGINT,
    -- Who made it, as a principal.
    made_by TEXT NOT NULL,
    -- A text in clear by which whoever made it finds it again.
    note TEXT
);
CREATE INDEX records_by_end ON records (record_ends_at) WHERE record_ends_at IS NOT NULL;
