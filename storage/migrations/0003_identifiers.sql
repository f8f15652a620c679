-- The identifier guard: what it knows of each case's names, and what it has already asked about.

-- The vault of a case: names seen in it, so that one of them alone is found again, and what its people called fine.
CREATE TABLE identifier_known (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  kind TEXT NOT NULL,                    -- name | birth_date | nhs_number | phone | email | address | postcode
  state TEXT NOT NULL,                   -- seen (a guess) | sure | fine (never asked about again)
  text_sealed BYTEA NOT NULL,
  known_at BIGINT NOT NULL
);
CREATE INDEX identifier_known_case ON identifier_known(case_id);

-- One question to the sender of a message; its words are nowhere in here.
CREATE TABLE identifier_hint (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  message_id BIGINT NOT NULL REFERENCES message(id),
  person_id BIGINT NOT NULL REFERENCES person(id),
  kinds TEXT NOT NULL,                   -- what was found, by kind alone, with commas between
  state TEXT NOT NULL,                   -- asked | redacted | fine | void
  day TEXT NOT NULL,                     -- ISO date where the sender is
  asked_at BIGINT NOT NULL,
  answered_at BIGINT
);
CREATE INDEX identifier_hint_day ON identifier_hint(case_id, day);
