-- What a specialist asks the library for, and what they put into it from answers they approved.

CREATE TABLE faq_request (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  person_id BIGINT NOT NULL REFERENCES person(id), -- the specialist who asks
  words_sealed BYTEA,                    -- gone once they were looked up
  state TEXT NOT NULL,                   -- new | done
  ready_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX faq_request_ready ON faq_request(ready_at) WHERE state = 'new';

-- An entry made from an answer is sealed under the case that answer was for, every version of it, so that it goes when
-- that case is erased; `entry` is empty then.
ALTER TABLE faq_entry ADD COLUMN case_id BIGINT REFERENCES case_file(id);
ALTER TABLE faq_entry ADD COLUMN draft_id BIGINT REFERENCES draft(id);
ALTER TABLE faq_entry ADD COLUMN entry_sealed BYTEA;
CREATE INDEX faq_entry_case ON faq_entry(case_id) WHERE case_id IS NOT NULL;

-- A dentist's question in words for any case, that an entry was approved for: searched like the entry's own questions.
CREATE TABLE faq_phrasing (
  id BIGINT PRIMARY KEY,
  entry_id TEXT NOT NULL,
  case_id BIGINT NOT NULL REFERENCES case_file(id),
  draft_id BIGINT NOT NULL REFERENCES draft(id),
  person_id BIGINT NOT NULL REFERENCES person(id),
  state TEXT NOT NULL,                   -- active | retired | withdrawn, with its case
  words_sealed BYTEA,
  made_at BIGINT NOT NULL
);
CREATE INDEX faq_phrasing_case ON faq_phrasing(case_id);
CREATE INDEX faq_phrasing_draft ON faq_phrasing(draft_id);
