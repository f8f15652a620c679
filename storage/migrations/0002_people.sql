-- What linking, covering and running the service need beside the core.

-- Facts about the service itself, written at start: the bot's user name for invite links, and the like. Never secrets.
CREATE TABLE service_setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  set_at BIGINT NOT NULL
);

-- When an unknown account was last answered. Nothing else is kept of it, neither its id nor a word it wrote.
CREATE TABLE stranger (
  account_hash TEXT PRIMARY KEY,         -- keyed hash of platform, workspace and user
  answered_at BIGINT NOT NULL
);

-- A seat looked after by somebody else from one moment to another; at the end it goes back.
CREATE TABLE seat_cover (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  side TEXT NOT NULL,                    -- dentist | specialist
  person_id BIGINT NOT NULL REFERENCES person(id),
  former_id BIGINT NOT NULL REFERENCES person(id),
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  state TEXT NOT NULL,                   -- planned | running | over | void
  due_at BIGINT NOT NULL,                -- starts_at while planned, ends_at while running
  asked_by BIGINT REFERENCES person(id)
);
CREATE INDEX seat_cover_due ON seat_cover(due_at) WHERE state IN ('planned', 'running');
CREATE INDEX seat_cover_case ON seat_cover(case_id, state);

-- A button for somebody who is not in the roster (yet) is bound to their account instead of a person.
ALTER TABLE button ADD COLUMN account_hash TEXT NOT NULL DEFAULT '';
CREATE INDEX button_person ON button(person_id) WHERE used_at IS NULL;
CREATE INDEX button_case ON button(case_id) WHERE used_at IS NULL AND case_id IS NOT NULL;

-- The account an intake was made from: refused with it, or let go once it is confirmed.
ALTER TABLE case_file ADD COLUMN account_id BIGINT REFERENCES account(id);
CREATE INDEX invite_person ON invite(person_id) WHERE used_at IS NULL;
CREATE UNIQUE INDEX offer_one ON offer(case_id) WHERE state = 'open';

-- Two accounts of one person, one of them perhaps not confirmed, never see each other's forms.
DROP INDEX form_asking;
CREATE UNIQUE INDEX form_asking ON form_session(person_id, form, platform, place_chat) WHERE state = 'asking';
