-- The plan in versions, what moved its dates since, where each case's dates stand, and what was warned of.

CREATE TABLE plan_version (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  version BIGINT NOT NULL,
  person_id BIGINT NOT NULL REFERENCES person(id),
  side TEXT NOT NULL,                    -- who made it: dentist | specialist
  aligner_set BIGINT NOT NULL,           -- 0 the first set, 1 and on the refinements
  state TEXT NOT NULL,                   -- proposed | approved | change_asked | superseded
  facts_sealed BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  settled_by BIGINT REFERENCES person(id),
  settled_at BIGINT,
  UNIQUE (case_id, version)
);

-- A ledger: a fit on another day, an aligner worn longer, a refinement, another event date.
CREATE TABLE timeline_change (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,                    -- fit | hold | refinement | event
  person_id BIGINT NOT NULL REFERENCES person(id),
  change_sealed BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  UNIQUE (case_id, seq)
);

-- Where the dates of a case stand, as both sides were last told.
CREATE TABLE case_course (
  case_id BIGINT PRIMARY KEY REFERENCES case_file(id),
  version BIGINT NOT NULL,               -- of the plan; 0 the intake's own figures
  finish_on TEXT NOT NULL,               -- ISO dates: they say nothing of whom
  late_on TEXT NOT NULL,
  colour TEXT NOT NULL,                  -- '' without an event | green | amber | red
  told_at BIGINT NOT NULL
);
CREATE INDEX case_course_colour ON case_course(colour);

CREATE TABLE forewarning (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  version BIGINT NOT NULL,               -- of the plan; 0 the intake
  rule TEXT NOT NULL,
  severity TEXT NOT NULL,                -- amber | red
  state TEXT NOT NULL,                   -- asked | withheld | released | acknowledged | told | superseded
  words_sealed BYTEA NOT NULL,           -- what the dentist is shown, and what set it off
  made_at BIGINT NOT NULL,
  decided_by BIGINT REFERENCES person(id),
  decided_at BIGINT,
  acknowledged_by BIGINT REFERENCES person(id),
  acknowledged_at BIGINT,
  told_at BIGINT,                        -- the dentist's word that the patient was told
  UNIQUE (case_id, version, rule)
);
CREATE INDEX forewarning_state ON forewarning(case_id, state);

-- Pictures that were asked for and are drawn by a worker: a timeline into a seat's room, or the charts of a report into
-- the private chat of a coordinator's account.
CREATE TABLE drawing (
  id BIGINT PRIMARY KEY,
  case_id BIGINT REFERENCES case_file(id),
  seat_id BIGINT REFERENCES seat(id),
  account_id BIGINT REFERENCES account(id),
  state TEXT NOT NULL,                   -- asked | drawn | failed
  attempts BIGINT NOT NULL DEFAULT 0,
  ready_at BIGINT NOT NULL,
  blob TEXT NOT NULL DEFAULT '',
  delivery_id BIGINT REFERENCES delivery(id)
);
CREATE INDEX drawing_asked ON drawing(ready_at) WHERE state = 'asked';
CREATE INDEX drawing_blob ON drawing(blob) WHERE blob <> '';
