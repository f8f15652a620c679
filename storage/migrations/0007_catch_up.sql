-- Catching up after an outage, and a seat that moves to another platform in mid-case.

-- When its author last changed a message, by the platform's clock: an edit that comes late must not undo a later one.
ALTER TABLE message ADD COLUMN edited_at BIGINT NOT NULL DEFAULT 0;
-- what one side wrote in one room, newest last: looked through when that room is read again
CREATE INDEX message_seat ON message(seat_id, said_at);

-- The delivery in the person's new room that took over from this one, which may or may not have arrived.
ALTER TABLE delivery ADD COLUMN moved_to BIGINT REFERENCES delivery(id);
-- The same person's next seat in the same case, on another platform.
ALTER TABLE seat ADD COLUMN moved_to BIGINT REFERENCES seat(id);
