-- Passes: codes that sign one phone in to the desk, for one list until a time.
CREATE TABLE passes (
    id BIGINT NOT NULL PRIMARY KEY,
    list BYTEA NOT NULL,
    -- SHA-256 of what the code carries.
    code BYTEA NOT NULL,
    -- What whoever drew it knows it by.
    note TEXT,
    made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    -- When a phone was signed in with it, what its browser said that it is, and SHA-256 of what it holds.
    used_at BIGINT,
    browser TEXT,
    session BYTEA,
    revoked_at BIGINT,
    revoked_by TEXT
);
CREATE UNIQUE INDEX passes_by_code ON passes (code);
CREATE UNIQUE INDEX passes_by_session ON passes (session) WHERE session IS NOT NULL;
CREATE INDEX passes_by_list ON passes (list, id);

INSERT INTO counters (name, value) VALUES ('passes', 0);
