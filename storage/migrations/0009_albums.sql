-- Albums: what a platform sends as single messages is put together, and which deliveries hold words at all.

-- What of a person's words stands in it: 0 files alone, 1 a text, 2 a caption under files.
ALTER TABLE delivery ADD COLUMN words BIGINT NOT NULL DEFAULT 1;

-- An album whose parts are still arriving: it is handed over a short pause after the last of them.
CREATE TABLE album (
  id BIGINT PRIMARY KEY,
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  name TEXT NOT NULL,                    -- the platform's own id of it
  attempts BIGINT NOT NULL DEFAULT 0,
  due_at BIGINT NOT NULL,
  UNIQUE (platform, workspace, user_ref, name)
);
CREATE INDEX album_due ON album(due_at);
CREATE TABLE album_part (
  id BIGINT PRIMARY KEY,
  album_id BIGINT NOT NULL REFERENCES album(id),
  native_id TEXT NOT NULL,
  event_sealed BYTEA NOT NULL,           -- the inbound event, JSON
  UNIQUE (album_id, native_id)
);

-- The words of each part of a message that its sender wrote in several, so that an edit of one changes only that one.
CREATE TABLE part_words (
  message_id BIGINT NOT NULL REFERENCES message(id),
  part BIGINT NOT NULL,
  body_sealed BYTEA NOT NULL,
  PRIMARY KEY (message_id, part)
);

-- What a person was told once and is not told again.
CREATE TABLE told_once (
  person_id BIGINT NOT NULL REFERENCES person(id),
  what TEXT NOT NULL,
  told_at BIGINT NOT NULL,
  PRIMARY KEY (person_id, what)
);

-- The records photos of a case, counted in one line; at most one series a case.
CREATE TABLE photo_series (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL UNIQUE REFERENCES case_file(id),
  first_message BIGINT NOT NULL REFERENCES message(id),
  state TEXT NOT NULL,                   -- open | whole | as_is
  missing TEXT NOT NULL DEFAULT '',      -- ids of views that the dentist says are missing, commas between
  shown TEXT NOT NULL DEFAULT '',        -- what the line says by now, so that it is not edited to the same
  ends_at BIGINT NOT NULL
);
