-- Buying meeting: which ten products of each department sold best in October 2026, by turnover in euros?
WITH sold AS (
    SELECT variant.product_id,
           sum(line.quantity)   AS pieces,
           sum(line.line_total) AS turnover
    FROM ordering.orders AS o
    JOIN ordering.order_lines AS line ON line.order_id = o.order_id
    JOIN catalogue.variants AS variant ON variant.variant_id = line.variant_id
    WHERE o.placed_at >= TIMESTAMPTZ '2026-10-01 00:00:00+00'
      AND o.placed_at <  TIMESTAMPTZ '2026-11-01 00:00:00+00'
      AND o.status <> 'cancelled'
      AND o.currency = 'EUR'
    GROUP BY variant.product_id
),
ranked AS (
    SELECT department.name AS department,
           product.title,
           sold.pieces,
           sold.turnover,
           rank() OVER (PARTITION BY department.category_id ORDER BY sold.turnover DESC) AS place
    FROM sold
    JOIN catalogue.products AS product ON product.product_id = sold.product_id
    JOIN catalogue.product_categories AS shelf ON shelf.product_id = product.product_id
    JOIN catalogue.categories AS department ON department.category_id = shelf.category_id
    WHERE department.parent_id IS NULL
)
SELECT department, place, title, pieces, turnover
FROM ranked
WHERE place <= 10
ORDER BY department, place, title;
