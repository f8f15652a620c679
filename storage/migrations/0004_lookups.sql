-- Ways to find what is looked up with every message, press or tick, so that none of it reads a whole table.

CREATE INDEX seat_person ON seat(person_id, state);
CREATE INDEX seat_case ON seat(case_id);
CREATE INDEX lane_user ON lane(platform, workspace, user_ref);
CREATE INDEX lane_case ON lane(case_id) WHERE case_id IS NOT NULL;
