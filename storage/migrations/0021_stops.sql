-- What was said urgently stops drafts until the specialist has written after it was raised: the case's newest message then.
ALTER TABLE urgent ADD COLUMN upto_no BIGINT NOT NULL DEFAULT 0;
UPDATE urgent SET upto_no = (SELECT no FROM message WHERE message.id = urgent.message_id);
CREATE INDEX urgent_case ON urgent(case_id);
