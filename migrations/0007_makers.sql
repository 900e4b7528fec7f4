-- Who made a token and a text to find it again, for tokens with and without a record.
ALTER TABLE tokens ADD COLUMN made_by TEXT;
ALTER TABLE tokens ADD COLUMN note TEXT;
UPDATE tokens SET
    made_by = (SELECT made_by FROM records WHERE records.token_id = tokens.id),
    note = (SELECT note FROM records WHERE records.token_id = tokens.id);
ALTER TABLE records DROP COLUMN made_by;
ALTER TABLE records DROP COLUMN note;
