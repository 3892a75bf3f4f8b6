-- How each party of a negotiation can be reached, for the other party to see.

ALTER TABLE negotiations
    ADD COLUMN client_contact_type  text CHECK (char_length(client_contact_type) BETWEEN 1 AND 50),
    ADD COLUMN client_contact_value text CHECK (char_length(client_contact_value) BETWEEN 1 AND 500),
    ADD COLUMN worker_contact_type  text CHECK (char_length(worker_contact_type) BETWEEN 1 AND 50),
    ADD COLUMN worker_contact_value text CHECK (char_length(worker_contact_value) BETWEEN 1 AND 500),
    ADD CONSTRAINT contacts_are_whole CHECK (
        (client_contact_type IS NULL) = (client_contact_value IS NULL)
        AND (worker_contact_type IS NULL) = (worker_contact_value IS NULL));
