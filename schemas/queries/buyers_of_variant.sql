-- Product recall: who bought this variant, and how do we reach them?
SELECT DISTINCT customer.customer_id, customer.full_name, customer.email
FROM ordering.order_lines AS line
JOIN ordering.orders AS o ON o.order_id = line.order_id
JOIN identity.customers AS customer ON customer.customer_id = o.customer_id
WHERE line.variant_id = 31337
  AND o.status <> 'cancelled'
ORDER BY customer.customer_id;
