-- Keys, the audit chain and the numbers of processes: what everything else stands on.
--
-- How migrations are read: statements end with `;`. A line `-- dialect: sqlite` or `-- dialect: postgresql` makes the
-- statements after it count for that database alone, until the next such line; `-- dialect: both` ends it.
-- `BIGINT PRIMARY KEY` becomes SQLite's `INTEGER PRIMARY KEY`, which spares it a second tree for every table.

CREATE TABLE key_check (
  key_id TEXT PRIMARY KEY,
  proof BYTEA NOT NULL,                  -- what only this master key yields; says nothing about the key
  made_at BIGINT NOT NULL
);

CREATE TABLE case_key (
  case_id BIGINT PRIMARY KEY,            -- 0: the service's own key (inbox, keyed hashes, people)
  key_id TEXT NOT NULL REFERENCES key_check(key_id),
  wrapped BYTEA NOT NULL                 -- the data key, sealed with that master key
);

CREATE TABLE process_number (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  next BIGINT NOT NULL
);
INSERT INTO process_number(one, next) VALUES (1, 1);

CREATE TABLE audit_entry (
  case_id BIGINT NOT NULL,               -- 0: the service itself
  seq BIGINT NOT NULL,                   -- 1, 2, 3 … in each case, without gaps
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  details TEXT NOT NULL,                 -- canonical JSON: ids, states and keyed hashes, never content
  prev BYTEA NOT NULL,                   -- hash of the entry before, 32 zero bytes for the first
  hash BYTEA NOT NULL,
  PRIMARY KEY (case_id, seq)
);

CREATE TABLE audit_head (
  case_id BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL
);

-- Append-only, whatever a statement of ours may say by mistake.

-- dialect: sqlite
CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;
CREATE TRIGGER audit_entry_delete BEFORE DELETE ON audit_entry BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;
CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head
WHEN NEW.case_id <> OLD.case_id OR NEW.seq <> OLD.seq + 1 BEGIN
  SELECT RAISE(ABORT, 'audit heads only move on by one');
END;
CREATE TRIGGER audit_head_delete BEFORE DELETE ON audit_head BEGIN
  SELECT RAISE(ABORT, 'audit heads only move on by one');
END;

-- dialect: postgresql
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_entry_whole BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head
  FOR EACH ROW WHEN (NEW.case_id <> OLD.case_id OR NEW.seq <> OLD.seq + 1) EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_delete BEFORE DELETE ON audit_head
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_whole BEFORE TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- dialect: both
