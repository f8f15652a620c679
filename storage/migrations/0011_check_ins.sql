-- Check-ins as a plan of many steps, the notices of a day, and what stops them.

-- Check-ins ---------------------------------------------------------------------------------------------------------

-- When it is looked at next: its due moment, a lease, the next reminder. NULL: nothing is left to do.
ALTER TABLE check_in ADD COLUMN ready_at BIGINT;
ALTER TABLE check_in ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;  -- claims in a row that came to nothing
ALTER TABLE check_in ADD COLUMN asks BIGINT NOT NULL DEFAULT 0;      -- times it was asked without an answer
ALTER TABLE check_in ADD COLUMN wished BIGINT NOT NULL DEFAULT 0;    -- 1: its person chose the moment, which no budget moves
ALTER TABLE check_in ADD COLUMN sheet_id BIGINT;                     -- the message it stands in
ALTER TABLE check_in ADD COLUMN message_id BIGINT REFERENCES message(id);  -- the line to the other side
ALTER TABLE check_in ADD COLUMN level TEXT NOT NULL DEFAULT 'none';  -- none | digest | same_day | page
ALTER TABLE check_in ADD COLUMN bad BIGINT NOT NULL DEFAULT 0;
UPDATE check_in SET ready_at = due_at WHERE state = 'planned';
DROP INDEX check_in_due;
ALTER TABLE check_in DROP COLUMN lease_until;
ALTER TABLE check_in DROP COLUMN owner;
ALTER TABLE check_in DROP COLUMN answer;
CREATE INDEX check_in_ready ON check_in(ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX check_in_person ON check_in(person_id, ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX check_in_sheet_rows ON check_in(sheet_id) WHERE sheet_id IS NOT NULL;

-- One message in which a person answers: all of a day's check-ins, or one script in the room of its case.
CREATE TABLE check_in_sheet (
  id BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES person(id),
  lane_id BIGINT NOT NULL REFERENCES lane(id),
  case_id BIGINT REFERENCES case_file(id),
  case_epoch BIGINT NOT NULL DEFAULT 0,
  day TEXT NOT NULL,                     -- ISO date where the person is
  state TEXT NOT NULL,                   -- open | done | over
  skipped TEXT NOT NULL DEFAULT '[]',    -- JSON: references of check-ins that came too late to be asked
  made_at BIGINT NOT NULL
);
CREATE INDEX check_in_sheet_open ON check_in_sheet(person_id) WHERE state = 'open';

CREATE TABLE check_in_answer (
  check_in_id BIGINT NOT NULL REFERENCES check_in(id),
  question TEXT NOT NULL,
  choice TEXT NOT NULL,                  -- a choice's id; "typed" where words were written
  words_sealed BYTEA,
  answered_at BIGINT NOT NULL,
  PRIMARY KEY (check_in_id, question, choice)
);

-- Notices -----------------------------------------------------------------------------------------------------------

-- How many notices of a kind a person has had on a day of theirs.
CREATE TABLE notice_count (
  person_id BIGINT NOT NULL REFERENCES person(id),
  day TEXT NOT NULL,
  kind TEXT NOT NULL,                    -- check_in | nudge | urgent
  times BIGINT NOT NULL,
  PRIMARY KEY (person_id, day, kind)
);

-- One line of a nudge or a digest: a case's reference and numbers, never what was said.
CREATE TABLE reminder (
  id BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES person(id),
  case_id BIGINT REFERENCES case_file(id),
  topic TEXT NOT NULL,                   -- what it is about, so that it is not said twice: "turn:17"
  line TEXT NOT NULL,                    -- a key of the wording
  facts TEXT NOT NULL DEFAULT '{}',      -- JSON: its reference and numbers
  state TEXT NOT NULL,                   -- waiting | sent | done | void
  ready_at BIGINT,
  made_at BIGINT NOT NULL,
  sent_at BIGINT,
  notice_id BIGINT                       -- the message it stands in
);
CREATE UNIQUE INDEX reminder_topic ON reminder(person_id, topic) WHERE state IN ('waiting', 'sent');
CREATE INDEX reminder_ready ON reminder(ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX reminder_person ON reminder(person_id, ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX reminder_notice ON reminder(notice_id) WHERE notice_id IS NOT NULL;
CREATE INDEX reminder_case ON reminder(case_id) WHERE state IN ('waiting', 'sent');

-- when somebody last wrote: nobody is nudged who is at it
CREATE INDEX message_person ON message(person_id, received_at);

-- A same-day item is asked about once in the room, and only at the end of the day of anybody else.
ALTER TABLE urgent ADD COLUMN level TEXT NOT NULL DEFAULT 'page';    -- page | same_day

-- What stops a case's reminders, and what stands until somebody answers ---------------------------------------------

CREATE TABLE complaint (
  case_id BIGINT PRIMARY KEY REFERENCES case_file(id),
  opened_by BIGINT NOT NULL REFERENCES person(id),
  opened_at BIGINT NOT NULL,
  closed_at BIGINT,
  shared_by BIGINT REFERENCES person(id) -- whoever of the two told the coordinator
);

-- A specialist's own short line for one case, shown at once where it applies; only for the plan it was signed for.
CREATE TABLE standing_line (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  kind TEXT NOT NULL,                    -- not_seating | lost_aligner | lost_attachment
  plan_version BIGINT NOT NULL,
  person_id BIGINT NOT NULL REFERENCES person(id),
  text_sealed BYTEA NOT NULL,
  signed_at BIGINT NOT NULL,
  state TEXT NOT NULL                    -- signed | void
);
CREATE UNIQUE INDEX standing_line_one ON standing_line(case_id, kind) WHERE state = 'signed';
