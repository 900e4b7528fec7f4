-- Columns are BIGINT, TEXT and BYTEA only: the types that every database behind the port has under these names, or takes
-- for the same. Times are seconds since 1970, truth values 0 and 1.

-- What the ledger knows of a token: one row for each that was opened with a limit or a PIN, tried, or revoked.
CREATE TABLE tokens (
    id BYTEA NOT NULL PRIMARY KEY,
    -- What is sealed in the token; NULL while only its id is known. No expires_at: the row is kept for ever.
    issued_at BIGINT,
    expires_at BIGINT,
    max_opens BIGINT,
    -- Opens that counted.
    opens BIGINT NOT NULL,
    first_opened_at BIGINT,
    last_opened_at BIGINT,
    -- Tries at the PIN since the last success, over all networks.
    pin_tries BIGINT NOT NULL,
    -- Revocations are numbered in the order of their commits, so that a node can ask for those it has not read.
    revocation BIGINT,
    revoked_at BIGINT,
    revoked_reason TEXT,
    revoked_by_holder BIGINT,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX tokens_by_revocation ON tokens (revocation) WHERE revocation IS NOT NULL;
CREATE INDEX tokens_by_expiry ON tokens (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX tokens_by_activity ON tokens (updated_at, id);

-- The latest opens of each token: for its receipt, and for two minutes to recognise a repeat.
CREATE TABLE opens (
    token_id BYTEA NOT NULL,
    -- tokens.opens after this open.
    number BIGINT NOT NULL,
    -- A keyed hash; NULL once the same open_id has counted again.
    open_id BYTEA,
    opened_at BIGINT NOT NULL,
    suspected_bot BIGINT NOT NULL,
    -- 1: no receipt tells of it any more; it goes when it can no longer be repeated.
    erased BIGINT NOT NULL,
    PRIMARY KEY (token_id, number)
);
CREATE UNIQUE INDEX opens_by_open_id ON opens (token_id, open_id);
CREATE INDEX opens_erased ON opens (opened_at) WHERE erased = 1;

-- Tries at the PIN of a token from one network.
CREATE TABLE pin_networks (
    token_id BYTEA NOT NULL,
    -- A keyed hash, never an address.
    network BYTEA NOT NULL,
    -- Tries since the last success or lock.
    tries BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    -- The length of the last lock; the next is twice as long.
    lock_seconds BIGINT NOT NULL,
    PRIMARY KEY (token_id, network)
);

-- What idempotency keys issued during the last day. `token` is ciphertext.
CREATE TABLE issues (
    key_hash BYTEA NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL,
    token BYTEA NOT NULL,
    issued_at BIGINT NOT NULL
);
CREATE INDEX issues_by_time ON issues (issued_at);

CREATE TABLE api_keys (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    hash BYTEA NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    disabled_at BIGINT,
    last_used_at BIGINT
);
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (hash);
CREATE UNIQUE INDEX api_keys_by_name ON api_keys (name) WHERE disabled_at IS NULL;

-- purged_to: the latest expires_at that was purged. revocations, api_keys: the last number given.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('purged_to', 0), ('revocations', 0), ('api_keys', 0);
