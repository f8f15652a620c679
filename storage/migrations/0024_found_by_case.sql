-- What a message writes and looks up costs the same however long its case has been talked in.

-- A case's waiting question is found by its case: of those answered there are as many as its dentist has asked.
DROP INDEX draft_job_new;
CREATE INDEX draft_job_new ON draft_job(case_id, ready_at) WHERE state = 'new';

-- A delivery that goes out as it should never enters an index of what is open: its lane knows it until it is settled.
DROP INDEX delivery_open;
CREATE INDEX delivery_failed ON delivery(queued_at) WHERE state = 'failed';
