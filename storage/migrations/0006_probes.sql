-- A room that is not right is looked at again by the clock: the event that says it is right may never come.

ALTER TABLE seat ADD COLUMN probe_at BIGINT NOT NULL DEFAULT 0;  -- while held: when its room is looked at next
CREATE INDEX seat_probe ON seat(probe_at) WHERE state = 'held';

-- What was asked about a message is looked up with every edit of it.
CREATE INDEX identifier_hint_message ON identifier_hint(message_id);
