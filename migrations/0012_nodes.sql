-- The servers of this store, as they say of themselves every few seconds.
CREATE TABLE nodes (
    -- Random, for the life of a process.
    id BYTEA NOT NULL PRIMARY KEY,
    -- For people: host and address.
    name TEXT NOT NULL,
    -- Fingerprints of the keys with which it opens codes, one after the other.
    opens_with BYTEA NOT NULL,
    seen_at BIGINT NOT NULL
);
