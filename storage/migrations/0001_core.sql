-- The tables of the case room. Times are microseconds since the epoch (UTC); ids come from the program, in time order;
-- columns ending in _sealed hold AES-256-GCM (0000_foundation.sql has the keys and the audit chain).

-- People ------------------------------------------------------------------------------------------------------------

CREATE TABLE practice (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  timezone TEXT NOT NULL,
  country TEXT NOT NULL DEFAULT 'GB',
  region TEXT NOT NULL DEFAULT ''
);

CREATE TABLE person (
  id BIGINT PRIMARY KEY,
  handle TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,                    -- dentist | specialist | coordinator
  practice_id BIGINT REFERENCES practice(id),
  timezone TEXT NOT NULL,
  hours TEXT NOT NULL DEFAULT '',
  capacity BIGINT NOT NULL DEFAULT 0,
  expertise TEXT NOT NULL DEFAULT '[]',  -- JSON list of words
  gdc TEXT NOT NULL DEFAULT '',
  cover_id BIGINT REFERENCES person(id),
  prefers TEXT NOT NULL DEFAULT '',      -- platform
  locked BIGINT NOT NULL DEFAULT 0,
  listed BIGINT NOT NULL DEFAULT 1,      -- 0: no longer in the roster
  last_assigned_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);

CREATE TABLE account (
  id BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES person(id),
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  state TEXT NOT NULL,                   -- claimed | active | refused | removed
  reachable BIGINT,                      -- NULL unknown, 1 yes, 0 blocked or never started
  claimed_at BIGINT NOT NULL,
  confirmed_by BIGINT REFERENCES person(id),
  UNIQUE (platform, workspace, user_ref)
);
CREATE INDEX account_person ON account(person_id);

CREATE TABLE invite (
  id BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES person(id),
  code_hash TEXT NOT NULL UNIQUE,        -- keyed hash; the code itself is never stored
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  account_id BIGINT REFERENCES account(id)
);

CREATE TABLE absence (
  id BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES person(id),
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  cover_id BIGINT REFERENCES person(id)
);
CREATE INDEX absence_person ON absence(person_id, ends_at);

-- Cases and seats ---------------------------------------------------------------------------------------------------

CREATE TABLE case_file (
  id BIGINT PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  practice_id BIGINT NOT NULL REFERENCES practice(id),
  dentist_id BIGINT NOT NULL REFERENCES person(id),
  specialist_id BIGINT REFERENCES person(id),
  state TEXT NOT NULL,                   -- waiting (account unconfirmed) | unassigned | offered | open | closed
  epoch BIGINT NOT NULL DEFAULT 1,       -- raised by every change of party
  urgency TEXT NOT NULL DEFAULT 'routine',
  last_no BIGINT NOT NULL DEFAULT 0,     -- number of the last message
  turn TEXT NOT NULL DEFAULT '',         -- side that owes the next reply: '' | dentist | specialist
  turn_since BIGINT,
  intake_sealed BYTEA,
  event_on TEXT,                         -- ISO date the treatment must be done by; says nothing of whom
  created_at BIGINT NOT NULL,
  closed_at BIGINT
);
CREATE INDEX case_state ON case_file(state);
CREATE INDEX case_dentist ON case_file(dentist_id, state);
CREATE INDEX case_specialist ON case_file(specialist_id, state);

CREATE TABLE offer (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  specialist_id BIGINT NOT NULL REFERENCES person(id),
  state TEXT NOT NULL,                   -- open | accepted | declined | expired | void
  reason TEXT NOT NULL,                  -- JSON: score parts that put this specialist first
  made_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  answered_at BIGINT
);
CREATE INDEX offer_due ON offer(state, due_at);
CREATE INDEX offer_case ON offer(case_id);

CREATE TABLE seat (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  side TEXT NOT NULL,                    -- dentist | specialist
  person_id BIGINT NOT NULL REFERENCES person(id),
  account_id BIGINT NOT NULL REFERENCES account(id),
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  chat TEXT NOT NULL DEFAULT '',         -- empty until the room is open
  topic TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,                   -- opening | open | held | leaving (last lines go, nothing comes in) | closed
  held_reason TEXT NOT NULL DEFAULT '',
  room_name TEXT NOT NULL DEFAULT '',    -- a channel's name, never patient data
  room_title_sealed BYTEA,               -- "AB · 14 Jun": a topic line or a topic's name
  resume TEXT NOT NULL DEFAULT '',       -- platform id committed while the room was being made
  shared BIGINT NOT NULL DEFAULT 0,      -- 1: the private chat itself serves as the room (no topics)
  epoch BIGINT NOT NULL,                 -- the case's epoch when this seat was taken
  told_where BIGINT NOT NULL DEFAULT 0,  -- the "this goes to Dr X on Slack" line was shown
  created_at BIGINT NOT NULL,
  closed_at BIGINT
);
CREATE UNIQUE INDEX seat_side ON seat(case_id, side) WHERE state IN ('opening', 'open', 'held');
CREATE INDEX seat_place ON seat(platform, workspace, chat, topic);
-- one room holds one case, always; only a private chat without topics may hold several
CREATE UNIQUE INDEX seat_topic ON seat(platform, workspace, chat, topic) WHERE state <> 'closed' AND topic <> '';

-- Messages ----------------------------------------------------------------------------------------------------------

CREATE TABLE message (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  no BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  side TEXT NOT NULL,                    -- who said it: dentist | specialist
  person_id BIGINT NOT NULL REFERENCES person(id),
  seat_id BIGINT NOT NULL REFERENCES seat(id),
  kind TEXT NOT NULL,                    -- text | file | draft (an approved draft) | check_in (an answer)
  state TEXT NOT NULL,                   -- waiting | delivered | uncertain | failed | withdrawn | void
  version BIGINT NOT NULL DEFAULT 1,
  body_sealed BYTEA NOT NULL,            -- rich text, JSON
  reply_to BIGINT REFERENCES message(id),
  said_at BIGINT NOT NULL,               -- by the platform's clock
  received_at BIGINT NOT NULL,
  delivered_at BIGINT,
  told TEXT NOT NULL DEFAULT '',         -- the last state its sender was told of in words
  UNIQUE (case_id, no)
);
CREATE INDEX message_newest ON message(case_id, side, said_at, no);
CREATE INDEX message_waiting ON message(received_at) WHERE state IN ('waiting', 'uncertain') AND told = '';

-- One logical message, its native parts on both sides, kept for good.
CREATE TABLE message_part (
  message_id BIGINT NOT NULL REFERENCES message(id),
  seat_id BIGINT NOT NULL REFERENCES seat(id),
  role TEXT NOT NULL,                    -- source | copy
  part BIGINT NOT NULL,
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  chat TEXT NOT NULL,
  native_id TEXT NOT NULL,
  PRIMARY KEY (message_id, seat_id, part),
  UNIQUE (platform, workspace, chat, native_id)
);

-- What a message said before it was edited.
CREATE TABLE message_version (
  message_id BIGINT NOT NULL REFERENCES message(id),
  version BIGINT NOT NULL,
  body_sealed BYTEA NOT NULL,
  replaced_at BIGINT NOT NULL,
  PRIMARY KEY (message_id, version)
);

CREATE TABLE attachment (
  id BIGINT PRIMARY KEY,
  message_id BIGINT NOT NULL REFERENCES message(id),
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  position BIGINT NOT NULL,
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  kind TEXT NOT NULL,
  mime TEXT NOT NULL DEFAULT '',
  size BIGINT NOT NULL DEFAULT 0,
  ref_sealed BYTEA NOT NULL,             -- what the adapter needs to fetch it, and its name, JSON
  blob TEXT NOT NULL DEFAULT '',         -- its name in the blob store
  sha256 TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,                   -- to_fetch | stored | refused | failed
  reason TEXT NOT NULL DEFAULT '',
  attempts BIGINT NOT NULL DEFAULT 0,
  ready_at BIGINT NOT NULL
);
CREATE INDEX attachment_ready ON attachment(ready_at) WHERE state = 'to_fetch';
CREATE INDEX attachment_message ON attachment(message_id);

-- Text that waits for its sender's word: which case, or note or message.
CREATE TABLE held (
  id BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES person(id),
  why TEXT NOT NULL,                     -- which_case | note | unconfirmed | closed_case
  case_id BIGINT REFERENCES case_file(id),
  event_sealed BYTEA NOT NULL,           -- the inbound event, JSON
  state TEXT NOT NULL,                   -- held | sent | kept | discarded
  held_at BIGINT NOT NULL,
  ask_again_at BIGINT,
  asked BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX held_ask ON held(ask_again_at) WHERE state = 'held';
CREATE INDEX held_person ON held(person_id, state);

CREATE TABLE note (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  person_id BIGINT NOT NULL REFERENCES person(id),
  body_sealed BYTEA NOT NULL,
  made_at BIGINT NOT NULL
);

-- Inbox -------------------------------------------------------------------------------------------------------------

CREATE TABLE inbox (
  id BIGINT PRIMARY KEY,                 -- in commit order within a process
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  queue TEXT NOT NULL,
  body_sealed BYTEA,                     -- NULL once handled
  state TEXT NOT NULL,                   -- new | dead
  attempts BIGINT NOT NULL DEFAULT 0,
  ready_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  error TEXT NOT NULL DEFAULT ''         -- class of the failure, never content
);
CREATE INDEX inbox_new ON inbox(id) WHERE state = 'new';

CREATE TABLE seen (
  key_hash BYTEA PRIMARY KEY,            -- keyed hash of an update's own identity, kept for good
  at BIGINT NOT NULL
);

CREATE TABLE cursor_mark (
  name TEXT PRIMARY KEY,                 -- "telegram:<bot id>"
  value TEXT NOT NULL,
  at BIGINT NOT NULL
);

-- Outbox ------------------------------------------------------------------------------------------------------------

-- A lane orders one destination: a seat's room, or one account's private chat (notices, invites, forms).
CREATE TABLE lane (
  id BIGINT PRIMARY KEY,
  seat_id BIGINT UNIQUE REFERENCES seat(id),
  case_id BIGINT REFERENCES case_file(id),
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  user_ref TEXT NOT NULL,                -- whose private place it is
  chat TEXT NOT NULL DEFAULT '',         -- pacing key; an account lane learns it from `direct`
  head_seq BIGINT NOT NULL DEFAULT 1,
  tail_seq BIGINT NOT NULL DEFAULT 0,
  ready_at BIGINT,                       -- NULL: empty or paused; in the future: pacing, back-off or a worker's lease
  paused TEXT NOT NULL DEFAULT '',       -- why, e.g. blocked, wrong_members, access_revoked
  epoch BIGINT NOT NULL DEFAULT 0,       -- fences the lease
  owner TEXT NOT NULL DEFAULT '',
  failures BIGINT NOT NULL DEFAULT 0,    -- in a row, for back-off
  mentioned_at BIGINT NOT NULL DEFAULT 0,-- when its owner was last mentioned
  gap_no BIGINT NOT NULL DEFAULT 0       -- a message of this number was parked: the next one says so
);
CREATE INDEX lane_ready ON lane(ready_at) WHERE ready_at IS NOT NULL;
CREATE UNIQUE INDEX lane_account ON lane(platform, workspace, user_ref) WHERE seat_id IS NULL;

CREATE TABLE delivery (
  id BIGINT PRIMARY KEY,
  lane_id BIGINT NOT NULL REFERENCES lane(id),
  seq BIGINT NOT NULL,
  case_id BIGINT REFERENCES case_file(id),
  case_epoch BIGINT NOT NULL DEFAULT 0,  -- 0: not bound to the parties
  kind TEXT NOT NULL,                    -- post | edit | delete | pin | rename_room | close_room
  message_id BIGINT REFERENCES message(id),
  part BIGINT NOT NULL DEFAULT 0,
  card TEXT NOT NULL DEFAULT '',
  payload_sealed BYTEA,                  -- NULL once void or long sent
  state TEXT NOT NULL,                   -- queued | sending | sent | uncertain | failed | void
  attempts BIGINT NOT NULL DEFAULT 0,
  resume TEXT NOT NULL DEFAULT '',       -- platform id committed before the step in doubt
  queued_at BIGINT NOT NULL,
  started_at BIGINT,
  settled_at BIGINT,
  native_id TEXT NOT NULL DEFAULT '',
  chat TEXT NOT NULL DEFAULT '',         -- where it really landed
  topic TEXT NOT NULL DEFAULT '',
  late BIGINT NOT NULL DEFAULT 0,        -- requeued from the dead letters: sent late, and says so
  repeated BIGINT NOT NULL DEFAULT 0,    -- sent again after doubt: may stand there twice, and says so
  error TEXT NOT NULL DEFAULT '',
  UNIQUE (lane_id, seq)
);
CREATE INDEX delivery_open ON delivery(state, queued_at) WHERE state IN ('queued', 'sending', 'uncertain', 'failed');
CREATE INDEX delivery_message ON delivery(message_id);
CREATE INDEX delivery_native ON delivery(native_id) WHERE native_id <> '';
CREATE INDEX delivery_card ON delivery(lane_id, card) WHERE card <> '';

CREATE TABLE chat_pace (
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  chat TEXT NOT NULL,
  tat BIGINT NOT NULL DEFAULT 0,         -- theoretical arrival time of the rate (GCRA)
  blocked_until BIGINT NOT NULL DEFAULT 0,
  burst_cut_until BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (platform, workspace, chat)
);

-- Conversation state ------------------------------------------------------------------------------------------------

CREATE TABLE button (
  token_hash TEXT PRIMARY KEY,           -- keyed hash of the nonce
  action TEXT NOT NULL,                  -- "offer.accept"
  person_id BIGINT REFERENCES person(id),-- only this person may press
  case_id BIGINT REFERENCES case_file(id),
  case_epoch BIGINT NOT NULL DEFAULT 0,  -- 0: not bound to the parties
  data TEXT NOT NULL DEFAULT '{}',       -- JSON: ids and choices, never content
  grp TEXT NOT NULL DEFAULT '',          -- buttons of one group are used up together
  once BIGINT NOT NULL DEFAULT 1,
  made_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX button_group ON button(grp) WHERE grp <> '';

CREATE TABLE form_session (
  id BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES person(id),
  form TEXT NOT NULL,
  platform TEXT NOT NULL,
  place_chat TEXT NOT NULL,
  place_topic TEXT NOT NULL DEFAULT '',
  case_id BIGINT REFERENCES case_file(id),
  step BIGINT NOT NULL DEFAULT 0,
  answers_sealed BYTEA NOT NULL,         -- JSON
  version BIGINT NOT NULL DEFAULT 1,
  state TEXT NOT NULL,                   -- asking | done | cancelled
  started_at BIGINT NOT NULL,
  touched_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX form_asking ON form_session(person_id, form, platform) WHERE state = 'asking';

-- Check-ins and drafts (the first, thin pair) -----------------------------------------------------------------------

CREATE TABLE check_in (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  person_id BIGINT NOT NULL REFERENCES person(id),
  step TEXT NOT NULL,
  occurrence BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  local_rule TEXT NOT NULL,              -- what due_at came from: "fit+21d 12:45 Europe/London"
  state TEXT NOT NULL,                   -- planned | asked | answered | void
  lease_until BIGINT NOT NULL DEFAULT 0,
  owner TEXT NOT NULL DEFAULT '',
  asked_at BIGINT,
  answered_at BIGINT,
  answer TEXT NOT NULL DEFAULT '',       -- a choice's name
  UNIQUE (case_id, step, occurrence)
);
CREATE INDEX check_in_due ON check_in(due_at) WHERE state = 'planned';

CREATE TABLE draft_job (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  message_id BIGINT NOT NULL UNIQUE REFERENCES message(id),
  state TEXT NOT NULL,                   -- new | done
  ready_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX draft_job_new ON draft_job(ready_at) WHERE state = 'new';

CREATE TABLE draft (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  no BIGINT NOT NULL,
  question_id BIGINT NOT NULL REFERENCES message(id),
  question_version BIGINT NOT NULL,
  recipient_id BIGINT NOT NULL REFERENCES person(id),
  specialist_id BIGINT NOT NULL REFERENCES person(id),
  case_epoch BIGINT NOT NULL,
  topic TEXT NOT NULL,
  text_sealed BYTEA NOT NULL,            -- what will be sent, byte for byte
  text_hash TEXT NOT NULL,               -- keyed hash binding text, attachments, recipient and epoch
  state TEXT NOT NULL,                   -- open | approved | dismissed | void
  made_at BIGINT NOT NULL,
  settled_at BIGINT,
  sent_message_id BIGINT REFERENCES message(id),
  UNIQUE (case_id, no)
);
CREATE INDEX draft_open ON draft(case_id) WHERE state = 'open';

-- Service-wide ------------------------------------------------------------------------------------------------------

CREATE TABLE incident (                  -- what the coordinator is told once, grouped
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,                 -- a reference or handle, never content
  opened_at BIGINT NOT NULL,
  told_at BIGINT,
  closed_at BIGINT
);
CREATE UNIQUE INDEX incident_open ON incident(kind, subject) WHERE closed_at IS NULL;
