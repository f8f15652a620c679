-- Every copy of a message is known, chats that moved are still known by their former id, and one lane passes a hold.

-- A message sent again stands there twice: both copies are the message. `copy` is the delivery that made it, 0 for what
-- its sender wrote; the highest is the newest.
CREATE TABLE message_part_all (
  message_id BIGINT NOT NULL REFERENCES message(id),
  seat_id BIGINT NOT NULL REFERENCES seat(id),
  role TEXT NOT NULL,                    -- source | copy
  part BIGINT NOT NULL,
  copy BIGINT NOT NULL DEFAULT 0,
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  chat TEXT NOT NULL,
  native_id TEXT NOT NULL,
  PRIMARY KEY (message_id, seat_id, part, copy, native_id),
  UNIQUE (platform, workspace, chat, native_id)
);
INSERT INTO message_part_all(message_id, seat_id, role, part, platform, workspace, chat, native_id)
  SELECT message_id, seat_id, role, part, platform, workspace, chat, native_id FROM message_part;
DROP TABLE message_part;
ALTER TABLE message_part_all RENAME TO message_part;

-- What a chat was called before its platform gave it another id. Numbers may begin anew there, so nothing is renamed.
CREATE TABLE chat_former (
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  chat TEXT NOT NULL,
  former TEXT NOT NULL,
  PRIMARY KEY (platform, workspace, chat, former)
);
CREATE INDEX chat_former_now ON chat_former(platform, workspace, former);

-- '' for all but the lane of the one line that reaches somebody on hold: that they are.
ALTER TABLE lane ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
DROP INDEX lane_account;
CREATE UNIQUE INDEX lane_account ON lane(platform, workspace, user_ref, purpose) WHERE seat_id IS NULL;

-- What was sent long ago and still has its content, which it needs no more.
CREATE INDEX delivery_kept ON delivery(settled_at) WHERE state = 'sent' AND payload_sealed IS NOT NULL;

-- A file in the blob store that none of these names belongs to nobody.
CREATE INDEX attachment_blob ON attachment(blob) WHERE blob <> '';
