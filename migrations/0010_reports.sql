-- What holders say of messages that visitors wrote: how often, of what kinds (a bit each), and when last.
ALTER TABLE tokens ADD COLUMN reports BIGINT;
ALTER TABLE tokens ADD COLUMN reported_for BIGINT;
ALTER TABLE tokens ADD COLUMN reported_at BIGINT;
CREATE INDEX tokens_by_report ON tokens (reported_at, id) WHERE reported_at IS NOT NULL;
