-- Drafts: messages that belong together, cards that change and renew, what a specialist made of them, the model.

-- A job covers every message of the dentist from `first_no` to its own; a later one takes an earlier one in.
ALTER TABLE draft_job ADD COLUMN first_no BIGINT NOT NULL DEFAULT 0;
CREATE INDEX draft_job_case ON draft_job(case_id, id);

ALTER TABLE draft ADD COLUMN root_id BIGINT NOT NULL DEFAULT 0;   -- the first draft that stood on its card
ALTER TABLE draft ADD COLUMN rev BIGINT NOT NULL DEFAULT 1;       -- raised with each change of what the card shows
ALTER TABLE draft ADD COLUMN origin TEXT NOT NULL DEFAULT 'library'; -- library | model | edited | typed
ALTER TABLE draft ADD COLUMN first_no BIGINT NOT NULL DEFAULT 0;  -- the first message it answers
ALTER TABLE draft ADD COLUMN upto_no BIGINT NOT NULL DEFAULT 0;   -- the case's newest message when its card was made
ALTER TABLE draft ADD COLUMN sheet_sealed BYTEA;                  -- candidates, facts and flags, JSON
ALTER TABLE draft ADD COLUMN ticks BIGINT NOT NULL DEFAULT 0;     -- facts ticked, a bit each
ALTER TABLE draft ADD COLUMN shown_by BIGINT;                     -- the delivery that shows this revision
ALTER TABLE draft ADD COLUMN to_tell BIGINT NOT NULL DEFAULT 0;   -- 1: its card does not say yet what became of it
ALTER TABLE draft ADD COLUMN words BIGINT NOT NULL DEFAULT 0;     -- of the text first offered
ALTER TABLE draft ADD COLUMN distance BIGINT NOT NULL DEFAULT 0;  -- words changed between that and what was sent
ALTER TABLE draft ADD COLUMN dwell BIGINT;                        -- µs from its card being shown to its settlement

CREATE INDEX draft_to_tell ON draft(id) WHERE to_tell = 1;

-- An outside model: who agreed to it for a case, and exactly what it was sent.
CREATE TABLE model_consent (
  case_id BIGINT PRIMARY KEY REFERENCES case_file(id),
  person_id BIGINT NOT NULL REFERENCES person(id), -- the dentist who was asked
  state TEXT NOT NULL,                   -- asked | given | refused
  at BIGINT NOT NULL
);
CREATE TABLE model_call (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  job_id BIGINT NOT NULL REFERENCES draft_job(id),
  model TEXT NOT NULL,
  payload_sealed BYTEA NOT NULL,         -- the request's body, byte for byte
  reply_sealed BYTEA,
  outcome TEXT NOT NULL,                 -- asked | written | ungrounded | failed | resting
  why TEXT NOT NULL DEFAULT '',
  milliseconds BIGINT,
  at BIGINT NOT NULL
);
CREATE INDEX model_call_at ON model_call(at);

-- What a specialist typed, as keyed hashes of its word groups: enough to see that they wrote much the same before.
CREATE TABLE answer_sketch (
  message_id BIGINT PRIMARY KEY REFERENCES message(id),
  person_id BIGINT NOT NULL REFERENCES person(id),
  sketch TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX answer_sketch_person ON answer_sketch(person_id, at);

-- An answer that a specialist keeps for later questions. It is sealed under the case it came from, so that it goes
-- when that case is erased.
CREATE TABLE own_answer (
  id BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES person(id),
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  message_id BIGINT NOT NULL REFERENCES message(id),
  state TEXT NOT NULL,                   -- offered | saved | refused
  question_sealed BYTEA,
  text_sealed BYTEA,
  at BIGINT NOT NULL
);
CREATE INDEX own_answer_person ON own_answer(person_id, state);
