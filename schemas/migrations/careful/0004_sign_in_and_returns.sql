-- Only known customers try to sign in now; a status may be longer; returns are listed by date.
SET lock_timeout = '5s';
ALTER TABLE identity.login_attempts
    ADD CONSTRAINT login_attempts_customer_id_not_null NOT NULL customer_id NOT VALID;
ALTER TABLE identity.login_attempts VALIDATE CONSTRAINT login_attempts_customer_id_not_null;
ALTER TABLE ordering.returns ALTER COLUMN status TYPE varchar(30);
CREATE INDEX CONCURRENTLY returns_requested_at ON ordering.returns (requested_at);
