-- Files that their sender exchanged: what stands of the former ones says so, whatever else changes of it.
ALTER TABLE message ADD COLUMN refiled BIGINT NOT NULL DEFAULT 0; -- how many times
