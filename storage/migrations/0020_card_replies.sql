-- Replies to a draft's card: no words of theirs, but which card each made, so that a change of one reaches it.
CREATE TABLE card_reply (
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  chat TEXT NOT NULL,
  native_id TEXT NOT NULL,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  person_id BIGINT NOT NULL REFERENCES person(id),
  draft_id BIGINT REFERENCES draft(id),  -- the draft that it made; NULL: none
  words_hash TEXT NOT NULL,              -- keyed: apps report edits that change no word
  too_long BIGINT NOT NULL DEFAULT 0,    -- 1: no card holds it, and what follows at once is its rest
  at BIGINT NOT NULL,                    -- when it was written or last changed, by the app's clock (µs)
  PRIMARY KEY (platform, workspace, chat, native_id)
);
CREATE INDEX card_reply_case ON card_reply(case_id, at);
