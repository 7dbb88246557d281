-- Finance, nightly: orders of a day whose captured charges less refunds are not what the customer owes.
WITH captured AS (
    SELECT order_id, sum(amount) AS amount
    FROM payments.charges
    WHERE status = 'captured'
    GROUP BY order_id
),
refunded AS (
    SELECT charge.order_id, sum(refund.amount) AS amount
    FROM payments.refunds AS refund
    JOIN payments.charges AS charge ON charge.charge_id = refund.charge_id
    GROUP BY charge.order_id
)
SELECT o.order_number,
       o.status,
       o.grand_total,
       coalesce(captured.amount, 0) AS captured,
       coalesce(refunded.amount, 0) AS refunded
FROM ordering.orders AS o
LEFT JOIN captured ON captured.order_id = o.order_id
LEFT JOIN refunded ON refunded.order_id = o.order_id
WHERE o.placed_at >= TIMESTAMPTZ '2026-11-14 00:00:00+00'
  AND o.placed_at <  TIMESTAMPTZ '2026-11-15 00:00:00+00'
  AND o.status IN ('shipped', 'delivered')
  AND coalesce(captured.amount, 0) - coalesce(refunded.amount, 0) <> o.grand_total
ORDER BY o.order_number;
