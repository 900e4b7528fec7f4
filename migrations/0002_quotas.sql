-- What was issued against the quota of a UTC day, by API key or client.
CREATE TABLE quotas (
    -- An API key's number, or a keyed hash of a client; never an address.
    subject BYTEA NOT NULL,
    -- Days since 1970.
    day BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (subject, day)
);
CREATE INDEX quotas_by_day ON quotas (day);
