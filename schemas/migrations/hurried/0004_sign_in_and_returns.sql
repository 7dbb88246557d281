-- Only known customers try to sign in now; a status may be longer; returns are listed by date.
BEGIN;
ALTER TABLE identity.login_attempts ALTER COLUMN customer_id SET NOT NULL;
ALTER TABLE ordering.returns ALTER COLUMN status TYPE varchar(30);
CREATE INDEX returns_requested_at ON ordering.returns (requested_at);
COMMIT;
