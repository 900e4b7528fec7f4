-- Check-in lists: what staff scan codes for.
CREATE TABLE lists (
    -- Random.
    id BYTEA NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- What the list asks, as JSON; which columns decide is in the statements.
    settings TEXT NOT NULL,
    -- 1 as it was made, one more for each change, of its staff too.
    revision BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- Since when nobody sees it any more; what belongs to it goes in steps.
    deleted_at BIGINT,
    -- How many check-ins it has had, which is the number of the last. Whoever counts it up holds the list.
    check_ins BIGINT NOT NULL,
    -- How many people are inside.
    inside BIGINT NOT NULL,
    -- The time at which everybody who was inside was let out for the last time.
    exited_all_at BIGINT NOT NULL
);
CREATE INDEX lists_by_time ON lists (created_at, id);

-- Who may check in on a list besides those who may on all.
CREATE TABLE list_staff (
    list BYTEA NOT NULL,
    principal TEXT NOT NULL,
    PRIMARY KEY (list, principal)
);
CREATE INDEX list_staff_by_principal ON list_staff (principal);

-- Codes that were let in on a list.
CREATE TABLE list_tokens (
    list BYTEA NOT NULL,
    token_id BYTEA NOT NULL,
    -- When the token ends, if it does: then nobody needs to know of it any more.
    expires_at BIGINT,
    -- Entries that were not undone.
    entries BIGINT NOT NULL,
    -- People of this code who are inside.
    inside BIGINT NOT NULL,
    first_at BIGINT,
    entered_at BIGINT,
    -- The local day of the last entry, as 20261127.
    entered_day BIGINT,
    -- The check-in that was made last and not undone.
    last_check_in BYTEA,
    -- 1: the list took one of the token's opens.
    opened BIGINT NOT NULL,
    PRIMARY KEY (list, token_id)
);
CREATE INDEX list_tokens_inside ON list_tokens (list, entered_at) WHERE inside > 0;
CREATE INDEX list_tokens_by_entry ON list_tokens (list, entered_at) WHERE entered_at IS NOT NULL;
CREATE INDEX list_tokens_by_expiry ON list_tokens (expires_at) WHERE expires_at IS NOT NULL;

-- Every attempt, whatever came of it.
CREATE TABLE check_ins (
    -- Random.
    id BYTEA NOT NULL PRIMARY KEY,
    list BYTEA NOT NULL,
    -- In the order of the list.
    number BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    -- 1: an entry, 2: an exit.
    kind BIGINT NOT NULL,
    -- As store/sql/check_in_rows.rs numbers them.
    outcome BIGINT NOT NULL,
    -- NULL if the code was not recognised.
    token_id BYTEA,
    gate TEXT,
    -- NULL if the list did it by itself.
    made_by TEXT,
    check_in_id TEXT,
    -- A keyed digest of the request.
    digest BYTEA,
    -- How many people went in or out.
    people BIGINT NOT NULL,
    -- The local day, as 20261127.
    day BIGINT NOT NULL,
    -- 1: an exit of somebody who was not inside.
    no_entry BIGINT NOT NULL,
    -- The check-in that stood in its way.
    because BYTEA,
    undone_at BIGINT,
    undone_by TEXT
);
CREATE UNIQUE INDEX check_ins_by_request ON check_ins (made_by, check_in_id) WHERE check_in_id IS NOT NULL;
CREATE UNIQUE INDEX check_ins_by_number ON check_ins (list, number);
CREATE INDEX check_ins_by_time ON check_ins (list, happened_at);
CREATE INDEX check_ins_by_token ON check_ins (list, token_id, number) WHERE token_id IS NOT NULL;

-- What was counted at each gate; it stays when rows go.
CREATE TABLE list_gates (
    list BYTEA NOT NULL,
    gate TEXT NOT NULL,
    -- Entries that were not undone, and the people of them.
    entries BIGINT NOT NULL,
    people BIGINT NOT NULL,
    exits BIGINT NOT NULL,
    refusals BIGINT NOT NULL,
    PRIMARY KEY (list, gate)
);
