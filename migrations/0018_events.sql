-- Who is told of events, as the servers' configuration says.
CREATE TABLE event_targets (
    -- The first bytes of the digest of its address.
    target BYTEA NOT NULL PRIMARY KEY,
    -- A bit for each kind of event.
    kinds BIGINT NOT NULL
);

-- Events that wait to be delivered, one for each target; written in the transaction of what they tell.
CREATE TABLE outbox (
    target BYTEA NOT NULL,
    -- Of a check-in of no token of ours: the check-in.
    token_id BYTEA NOT NULL,
    -- What is told of a token is told in this order.
    place BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    -- What there is to tell besides, as JSON.
    data TEXT NOT NULL,
    tries BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    -- From when on it was to be delivered.
    since BIGINT NOT NULL,
    -- 1: nobody tries any more.
    given_up BIGINT NOT NULL,
    PRIMARY KEY (target, token_id, place, kind)
);
CREATE INDEX outbox_due ON outbox (target, next_at) WHERE given_up = 0;
CREATE INDEX outbox_by_time ON outbox (happened_at);

-- The hour whose scans are told next; 0: none was yet.
INSERT INTO counters (name, value) VALUES ('scans_told_to', 0);
