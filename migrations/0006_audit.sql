-- Who did what when: a row for each change, written in the transaction of the change itself.
CREATE TABLE audit (
    happened_at BIGINT NOT NULL,
    -- Random.
    id BYTEA NOT NULL,
    principal TEXT NOT NULL,
    verb TEXT NOT NULL,
    -- What it was done to: its kind, and which.
    what TEXT NOT NULL,
    what_id TEXT NOT NULL,
    -- The key of the details. Ciphertext, which is bound to all of the above.
    slot BIGINT NOT NULL,
    details BYTEA NOT NULL,
    -- The place in the chain, and the link to the row before: NULL for the few seconds until a job puts the row there.
    number BIGINT,
    link_slot BIGINT,
    link BYTEA,
    PRIMARY KEY (happened_at, id)
);
CREATE UNIQUE INDEX audit_by_number ON audit (number) WHERE number IS NOT NULL;
CREATE INDEX audit_unlinked ON audit (happened_at, id) WHERE number IS NULL;

-- The ends of the chain: the row that was linked last, and the last that was taken out because of its age. One row.
CREATE TABLE audit_ends (
    id BIGINT NOT NULL PRIMARY KEY,
    head_number BIGINT,
    head_slot BIGINT,
    head_link BYTEA,
    pruned_number BIGINT,
    pruned_slot BIGINT,
    pruned_link BYTEA,
    -- A keyed digest of the above, and the slot of its key.
    slot BIGINT NOT NULL,
    mac BYTEA NOT NULL
);

-- Which node does what only one may do at a time, and until when.
CREATE TABLE leases (
    -- 1: linking the audit log.
    job BIGINT NOT NULL PRIMARY KEY,
    holder BYTEA NOT NULL,
    ends_at BIGINT NOT NULL
);
