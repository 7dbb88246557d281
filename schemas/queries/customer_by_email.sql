-- Support desk: who signs in with this address, however it was typed?
SELECT customer_id, full_name, email, status, created_at
FROM identity.customers
WHERE lower(email) = lower('Ada.Lovelace@Example.com');
