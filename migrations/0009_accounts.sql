-- People who sign in.
CREATE TABLE accounts (
    id BIGINT NOT NULL PRIMARY KEY,
    -- As it was given, and folded: capitals and compositions make no other name.
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- Argon2id with its parameters and salt; NULL until it is set with a recovery code.
    password TEXT,
    -- SHA-256 of the one recovery code that is good, and until when.
    recovery BYTEA,
    recovery_ends_at BIGINT,
    -- One more with each change that somebody made.
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    last_signed_in_at BIGINT
);
CREATE UNIQUE INDEX accounts_by_name ON accounts (folded_name);
CREATE UNIQUE INDEX accounts_by_recovery ON accounts (recovery) WHERE recovery IS NOT NULL;

CREATE TABLE sessions (
    -- SHA-256 of what the browser holds.
    hash BYTEA NOT NULL PRIMARY KEY,
    -- By which it is listed and ended.
    id BYTEA NOT NULL,
    account BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- To the minute.
    used_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    -- When the password was last given in it.
    confirmed_at BIGINT NOT NULL,
    -- What the browser said that it is.
    browser TEXT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account);
CREATE INDEX sessions_by_end ON sessions (ends_at);

-- Wrong tries at signing in: a table of 65,536 places, so that no flood of invented names makes it larger.
CREATE TABLE sign_in_tries (
    place BIGINT NOT NULL PRIMARY KEY,
    -- A keyed digest of name and network; who comes to a place takes it over.
    who BYTEA NOT NULL,
    -- As in pin_networks.
    tries BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    lock_seconds BIGINT NOT NULL
);

INSERT INTO counters (name, value) VALUES ('accounts', 0);
