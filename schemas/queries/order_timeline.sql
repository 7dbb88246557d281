-- Support desk: what happened to this order in November, and how long did each step take?
SELECT occurred_at,
       kind,
       actor,
       payload,
       occurred_at - lag(occurred_at) OVER (ORDER BY occurred_at, event_id) AS since_previous
FROM ordering.order_events
WHERE order_id = 900000
  AND occurred_at >= TIMESTAMPTZ '2026-11-01 00:00:00+00'
  AND occurred_at <  TIMESTAMPTZ '2026-12-01 00:00:00+00'
ORDER BY occurred_at, event_id;
