-- Whose turn it is and since when, refinements that were asked for, and what a coordinator has seen to for now.

-- A practice's own response targets, JSON by kind: {"question": "4 h"}; what it does not name is the service's.
ALTER TABLE practice ADD COLUMN targets TEXT NOT NULL DEFAULT '{}';

-- Until when the dentist was last told that the specialist is not at work.
ALTER TABLE case_file ADD COLUMN expected_until BIGINT NOT NULL DEFAULT 0;

-- What the specialist owes: an answer, and the review of the plan. The clock runs in their working time.
CREATE TABLE owed (
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  slot TEXT NOT NULL,                    -- reply | plan
  kind TEXT NOT NULL,                    -- red_flag | not_seating | question | plan_review
  since BIGINT NOT NULL,                 -- when it was asked for
  length BIGINT NOT NULL,                -- working time until it is due
  spent BIGINT NOT NULL,                 -- working time used before `started_at`
  started_at BIGINT,                     -- since when the clock runs; NULL: it stands, the dentist owes something first
  due_at BIGINT,
  stage TEXT NOT NULL,                   -- running | warned | late | cover | coordinator
  next_at BIGINT,                        -- when the next stage is looked at; NULL: the clock stands, or all have heard
  PRIMARY KEY (case_id, slot)
);
CREATE INDEX owed_next ON owed(next_at) WHERE next_at IS NOT NULL;

-- One refinement or mid-course correction: what was asked for, why, and where it stands.
CREATE TABLE refinement (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  no BIGINT NOT NULL,
  kind TEXT NOT NULL,                    -- refinement | mid_course
  reason TEXT NOT NULL,                  -- a code of prompts/refinements.toml
  asked_by BIGINT NOT NULL REFERENCES person(id),
  scan_on TEXT NOT NULL,                 -- ISO date of the new scan
  lead_days BIGINT NOT NULL,
  holding BIGINT,                        -- the aligner worn meanwhile
  first_message BIGINT NOT NULL,         -- files of messages from this number on are its records
  state TEXT NOT NULL,                   -- asked | planned
  asked_at BIGINT NOT NULL,
  UNIQUE (case_id, no)
);

-- A thing on the stuck list that was seen to: it is not listed before then.
CREATE TABLE stuck_seen (
  what TEXT NOT NULL,
  subject TEXT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (what, subject)
);
