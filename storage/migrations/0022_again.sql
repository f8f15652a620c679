-- What became of words that were taken back: the message they went on as, without what was found in them or in another case.
ALTER TABLE message ADD COLUMN again_id BIGINT REFERENCES message(id);
