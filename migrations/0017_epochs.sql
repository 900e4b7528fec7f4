-- What is limited or has a PIN and was issued up to this time stays closed, because the store was restored from a backup; 0: nothing.
INSERT INTO counters (name, value) VALUES ('closed_to', 0);
