-- What lists keep of the documents of those who were let in, sealed.
CREATE TABLE visits (
    -- The entry.
    check_in BYTEA NOT NULL PRIMARY KEY,
    list BYTEA NOT NULL,
    token_id BYTEA NOT NULL,
    -- When the entry was.
    kept_at BIGINT NOT NULL,
    -- The slot of its key.
    slot BIGINT NOT NULL,
    -- Ciphertext, which is bound to the entry and its list.
    document BYTEA NOT NULL
);
CREATE INDEX visits_by_time ON visits (list, kept_at);
CREATE INDEX visits_by_token ON visits (list, token_id);
CREATE INDEX visits_by_slot ON visits (slot, check_in);
