-- Who is told of what concerns admins. Auth says who is one.
CREATE TABLE admins (
    account_id uuid PRIMARY KEY
);
