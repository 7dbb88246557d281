-- Checkout: for each line of an order, how many pieces can be had and from how many open warehouses?
SELECT line.line_no,
       line.variant_id,
       line.quantity                                                             AS wanted,
       coalesce(sum(level.on_hand - level.reserved), 0)                          AS available,
       count(house.warehouse_id) FILTER (WHERE level.on_hand > level.reserved)   AS warehouses
FROM ordering.order_lines AS line
LEFT JOIN (
    inventory.stock_levels AS level
    JOIN inventory.warehouses AS house
      ON house.warehouse_id = level.warehouse_id AND house.closed_at IS NULL
) ON level.variant_id = line.variant_id
WHERE line.order_id = 900000
GROUP BY line.line_no, line.variant_id, line.quantity
ORDER BY line.line_no;
