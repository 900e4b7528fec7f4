-- Dynamic links, which are records of kind 2. The token itself is kept sealed, so that its picture can be drawn again.
ALTER TABLE records ADD COLUMN link_token BYTEA;
-- 1: it leads nowhere until its owner says so.
ALTER TABLE records ADD COLUMN disabled BIGINT NOT NULL DEFAULT 0;
-- 1 as it was made, one more for each change, of whatever kind.
ALTER TABLE records ADD COLUMN edition BIGINT NOT NULL DEFAULT 1;
CREATE INDEX records_links ON records (created_at, token_id) WHERE kind = 2;

-- How often links were scanned, by hour. Nothing here says by whom.
CREATE TABLE scans (
    token_id BYTEA NOT NULL,
    -- Its beginning, in seconds since 1970.
    hour BIGINT NOT NULL,
    -- 1: iOS, 2: Android, 3: a desktop, 4: another.
    device BIGINT NOT NULL,
    -- 1: a program that opens links by itself.
    bot BIGINT NOT NULL,
    scans BIGINT NOT NULL,
    PRIMARY KEY (token_id, hour, device, bot)
);
CREATE INDEX scans_by_hour ON scans (hour);
