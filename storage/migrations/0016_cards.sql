-- The case card says whose turn it is and which aligner is worn: when it is next brought up to date.
ALTER TABLE case_file ADD COLUMN card_at BIGINT;
CREATE INDEX case_card ON case_file(card_at) WHERE card_at IS NOT NULL;

-- The day the new set came, ISO; NULL while it has not.
ALTER TABLE refinement ADD COLUMN arrived_on TEXT;
