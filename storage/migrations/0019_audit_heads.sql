-- A unit writes its entries at once and moves the head to the last of them. So a head moves on only, and only to an
-- entry that stands in its chain with the very hash that the head gets.

-- dialect: sqlite
DROP TRIGGER audit_head_update;
CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head
WHEN NEW.case_id <> OLD.case_id OR NEW.seq <= OLD.seq OR NOT EXISTS (
  SELECT 1 FROM audit_entry e WHERE e.case_id = NEW.case_id AND e.seq = NEW.seq AND e.hash = NEW.hash
) BEGIN
  SELECT RAISE(ABORT, 'audit heads only move on, to an entry that stands');
END;

-- dialect: postgresql
DROP TRIGGER audit_head_update ON audit_head;
CREATE FUNCTION audit_head_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.case_id <> OLD.case_id OR NEW.seq <= OLD.seq OR NOT EXISTS (
    SELECT 1 FROM audit_entry e WHERE e.case_id = NEW.case_id AND e.seq = NEW.seq AND e.hash = NEW.hash
  ) THEN
    RAISE EXCEPTION 'audit heads only move on' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head
  FOR EACH ROW EXECUTE FUNCTION audit_head_on();

-- dialect: both
