-- Why: before an account is deleted, its money that is not where it belongs yet is looked for.

CREATE INDEX escrows_open_of_client ON escrows (client_id) WHERE state IN ('held', 'escrowed');
CREATE INDEX escrows_open_of_worker ON escrows (worker_id) WHERE state IN ('held', 'escrowed', 'released');
