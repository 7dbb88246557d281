-- Every minute: the 100 holds that ran out first and have to be given back. Row locks and SKIP LOCKED: PostgreSQL only.
SELECT reservation_id, order_id, warehouse_id, variant_id, quantity
FROM inventory.reservations
WHERE released_at IS NULL
  AND expires_at <= TIMESTAMPTZ '2026-11-15 10:00:00+00'
ORDER BY expires_at
LIMIT 100
FOR UPDATE SKIP LOCKED;
