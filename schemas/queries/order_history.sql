-- Account page: the next 20 orders of a customer, newest first, after the last one shown (keyset paging).
SELECT order_id, order_number, placed_at, status, currency, grand_total
FROM ordering.orders
WHERE customer_id = 4711
  AND (placed_at, order_id) < (TIMESTAMPTZ '2026-11-01 12:00:00+00', 900000)
ORDER BY placed_at DESC, order_id DESC
LIMIT 20;
