-- Every message writes a page of each index that it enters, and every commit writes those pages out: two that others can
-- stand in for are gone, one holds only what is looked up in it, and two tables are one tree instead of two in SQLite.

-- a side's newest message, and a person's, are found by their seats
DROP INDEX message_newest;
DROP INDEX message_person;

-- what carries a person's words is found by its parts
DROP INDEX delivery_native;
CREATE INDEX delivery_native ON delivery(native_id) WHERE native_id <> '' AND message_id IS NULL;

-- dialect: sqlite
CREATE TABLE seen_anew (
  key_hash BYTEA PRIMARY KEY,
  at BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO seen_anew(key_hash, at) SELECT key_hash, at FROM seen ORDER BY key_hash;
DROP TABLE seen;
ALTER TABLE seen_anew RENAME TO seen;

CREATE TABLE owed_anew (
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  slot TEXT NOT NULL,
  kind TEXT NOT NULL,
  since BIGINT NOT NULL,
  length BIGINT NOT NULL,
  spent BIGINT NOT NULL,
  started_at BIGINT,
  due_at BIGINT,
  stage TEXT NOT NULL,
  next_at BIGINT,
  PRIMARY KEY (case_id, slot)
) WITHOUT ROWID;
INSERT INTO owed_anew(case_id, slot, kind, since, length, spent, started_at, due_at, stage, next_at)
  SELECT case_id, slot, kind, since, length, spent, started_at, due_at, stage, next_at FROM owed;
DROP TABLE owed;
ALTER TABLE owed_anew RENAME TO owed;
CREATE INDEX owed_next ON owed(next_at) WHERE next_at IS NOT NULL;
-- dialect: both
