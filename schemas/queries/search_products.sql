-- Search box: the 24 best listed products for some words, made of one material. Full text and JSON containment: PostgreSQL only.
SELECT product.product_id,
       product.title,
       brand.name                           AS brand,
       ts_rank(product.search_text, wanted) AS score
FROM catalogue.products AS product
JOIN catalogue.brands AS brand USING (brand_id)
CROSS JOIN websearch_to_tsquery('english', 'green tea pot') AS wanted
WHERE product.search_text @@ wanted
  AND product.attributes @> '{"material": "iron"}'
  AND product.status = 'listed'
ORDER BY score DESC, product.product_id
LIMIT 24;
