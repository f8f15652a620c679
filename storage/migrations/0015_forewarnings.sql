-- A rule may be asked about more than once for the same version of a plan: a re-flow, a check-in's answer or another
-- wanted date sets it off anew. Of those that stand there is one a case and rule.
-- (The budget of notices, notice_count.kind, counts "news" as well: a plan, other dates, a forewarning.)

-- dialect: sqlite
CREATE TABLE forewarning_anew (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  version BIGINT NOT NULL,
  rule TEXT NOT NULL,
  severity TEXT NOT NULL,
  state TEXT NOT NULL,
  words_sealed BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  decided_by BIGINT REFERENCES person(id),
  decided_at BIGINT,
  acknowledged_by BIGINT REFERENCES person(id),
  acknowledged_at BIGINT,
  told_at BIGINT
);
INSERT INTO forewarning_anew
  SELECT id, case_id, version, rule, severity, state, words_sealed, made_at, decided_by, decided_at, acknowledged_by,
         acknowledged_at, told_at
  FROM forewarning;
DROP TABLE forewarning;
ALTER TABLE forewarning_anew RENAME TO forewarning;
CREATE INDEX forewarning_state ON forewarning(case_id, state);
-- dialect: postgresql
ALTER TABLE forewarning DROP CONSTRAINT forewarning_case_id_version_rule_key;
-- dialect: both
CREATE UNIQUE INDEX forewarning_standing ON forewarning(case_id, rule) WHERE state <> 'superseded';
