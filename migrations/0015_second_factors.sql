-- The second factor of an account: one-time passwords by time (RFC 6238).
CREATE TABLE second_factors (
    account BIGINT NOT NULL PRIMARY KEY,
    -- Whose key sealed the secret, and digests the backup codes.
    slot BIGINT NOT NULL,
    secret BYTEA NOT NULL,
    -- The latest step of 30 seconds whose code counted: codes of it and of those before count no more.
    step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- As in pin_networks, for the account as a whole.
    tries BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    lock_seconds BIGINT NOT NULL
);
-- Those that were not used yet.
CREATE TABLE backup_codes (
    account BIGINT NOT NULL,
    -- A keyed digest.
    hash BYTEA NOT NULL,
    PRIMARY KEY (account, hash)
);

-- When somebody last tried, so that what is over can be taken out.
ALTER TABLE sign_in_tries ADD COLUMN tried_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sign_in_tries_by_time ON sign_in_tries (tried_at);
-- The admin who made a key; NULL where that is not known.
ALTER TABLE api_keys ADD COLUMN made_by TEXT;
