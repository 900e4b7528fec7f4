-- Where anybody may issue: whose share of the store's room a record takes, as a keyed digest of a network, never an address.
ALTER TABLE records ADD COLUMN share BYTEA;
CREATE INDEX records_by_share ON records (share, record_bytes) WHERE share IS NOT NULL;
CREATE INDEX records_by_size ON records (record_bytes) WHERE record_bytes > 0;
