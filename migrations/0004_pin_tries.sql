-- A success forgives what its own network spent, and wrong tries are counted for a token's whole life.
-- Wrong tries since issue or the last reset of the PIN's tries.
ALTER TABLE tokens ADD COLUMN pin_wrong BIGINT NOT NULL DEFAULT 0;
-- Tries of this network since its last success: its part of tokens.pin_tries.
ALTER TABLE pin_networks ADD COLUMN spent BIGINT NOT NULL DEFAULT 0;
UPDATE tokens SET pin_wrong = pin_tries;
UPDATE pin_networks SET spent = tries + CASE WHEN lock_seconds > 0 THEN 5 ELSE 0 END;
