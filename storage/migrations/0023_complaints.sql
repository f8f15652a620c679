-- Drafts up to this number were made before the case's last complaint: they do not come back after it.
ALTER TABLE complaint ADD COLUMN last_draft BIGINT NOT NULL DEFAULT 0;
UPDATE complaint SET last_draft = COALESCE(
  (SELECT MAX(no) FROM draft WHERE draft.case_id = complaint.case_id
     AND (complaint.closed_at IS NULL OR draft.made_at < complaint.closed_at)), 0);
