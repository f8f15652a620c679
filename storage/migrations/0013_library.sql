-- What specialists changed in the FAQ library: every edit a version, the newest counts, none is ever deleted.
-- It is written for any case and scanned for what points at a patient, so it is no content of a case.
CREATE TABLE faq_entry (
  id TEXT NOT NULL,
  version BIGINT NOT NULL,
  state TEXT NOT NULL,                   -- active | retired
  entry TEXT NOT NULL,                   -- JSON of the entry
  person_id BIGINT NOT NULL REFERENCES person(id),
  made_at BIGINT NOT NULL,
  PRIMARY KEY (id, version)
);
