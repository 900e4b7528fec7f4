-- One table of the requests that may be sent again, whatever they made.
DROP INDEX issues_by_time;
ALTER TABLE issues RENAME TO requests;
ALTER TABLE requests RENAME COLUMN issued_at TO made_at;
-- What it made: a token as ciphertext, of other kinds the id.
ALTER TABLE requests RENAME COLUMN token TO made;
-- What that is. 1: a token, 2: a dynamic link.
ALTER TABLE requests ADD COLUMN kind BIGINT NOT NULL DEFAULT 1;
CREATE INDEX requests_by_time ON requests (made_at);
-- API keys see and end what they made, and all with these; those that there are keep what they may.
UPDATE api_keys SET scopes = REPLACE(REPLACE(scopes, 'read', 'read:all'), 'revoke', 'revoke:all');
