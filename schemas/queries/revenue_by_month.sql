-- Dashboard: what did each month bring in, by currency, and how does it compare with the month before?
WITH monthly AS (
    SELECT date_trunc('month', placed_at) AS month,
           currency,
           count(*)                       AS orders,
           sum(grand_total)               AS revenue
    FROM ordering.orders
    WHERE status <> 'cancelled'
      AND placed_at >= TIMESTAMPTZ '2026-01-01 00:00:00+00'
      AND placed_at <  TIMESTAMPTZ '2027-01-01 00:00:00+00'
    GROUP BY date_trunc('month', placed_at), currency
)
SELECT month,
       currency,
       orders,
       revenue,
       revenue - lag(revenue) OVER (PARTITION BY currency ORDER BY month) AS change
FROM monthly
ORDER BY month, currency;
