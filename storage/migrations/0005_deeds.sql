-- What people do with single messages (move them to another case, mark them urgent, keep them), and what was lost on the
-- way.

-- A file that goes along with words sent again in another case: its bytes come from here, sealed anew for that case.
ALTER TABLE attachment ADD COLUMN copy_of BIGINT REFERENCES attachment(id);

-- One message marked urgent; its words are nowhere in here.
CREATE TABLE urgent (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  message_id BIGINT NOT NULL REFERENCES message(id),
  asker_id BIGINT NOT NULL REFERENCES person(id),
  reader_id BIGINT REFERENCES person(id),  -- who is asked first; NULL: nobody has the case
  second_id BIGINT REFERENCES person(id),  -- who was asked too
  state TEXT NOT NULL,                   -- asked | seen | not_urgent | void
  raised_at BIGINT NOT NULL,
  due_at BIGINT,                         -- when it is looked at again; NULL: everybody there is was asked
  seen_by BIGINT REFERENCES person(id),
  settled_at BIGINT
);
CREATE UNIQUE INDEX urgent_open ON urgent(message_id) WHERE state = 'asked';
CREATE INDEX urgent_due ON urgent(due_at) WHERE state = 'asked';

-- "Agreed so far": messages that stand on the case's card.
CREATE TABLE kept (
  message_id BIGINT PRIMARY KEY REFERENCES message(id),
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  person_id BIGINT NOT NULL REFERENCES person(id),
  kept_at BIGINT NOT NULL
);
CREATE INDEX kept_case ON kept(case_id);

-- What one side could not show as the other wrote it: counted by kind, told once to whoever wrote it.
CREATE TABLE loss (
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  person_id BIGINT NOT NULL REFERENCES person(id),
  kind TEXT NOT NULL,
  times BIGINT NOT NULL,
  told BIGINT NOT NULL DEFAULT 0,
  first_at BIGINT NOT NULL,
  PRIMARY KEY (case_id, person_id, kind)
);
