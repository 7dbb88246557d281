-- Fraud desk: which addresses had three or more different cards declined within the last hour?
SELECT ip_address,
       count(DISTINCT fingerprint) AS cards,
       count(*)                    AS declines,
       min(attempted_at)           AS first_seen,
       max(attempted_at)           AS last_seen
FROM payments.charge_attempts
WHERE outcome = 'declined'
  AND ip_address IS NOT NULL
  AND attempted_at >= TIMESTAMPTZ '2026-11-27 09:00:00+00'
  AND attempted_at <  TIMESTAMPTZ '2026-11-27 10:00:00+00'
GROUP BY ip_address
HAVING count(DISTINCT fingerprint) >= 3
ORDER BY cards DESC, declines DESC;
