"""Queries over the commerce schema, besides those that it comes with: joins, ranges, aggregates, limits, semi joins."""

from __future__ import annotations

from pathlib import Path

__all__ = ["SHOP", "shop_queries"]

SHOP = Path(__file__).parents[2] / "schemas" / "shop.sql"

_MORE = {
    "an order by its key": "SELECT * FROM ordering.orders WHERE order_id = 4711",
    "orders of a customer": "SELECT * FROM ordering.orders WHERE customer_id = 42 ORDER BY placed_at DESC LIMIT 10",
    "orders of a day": """SELECT count(*), sum(grand_total) FROM ordering.orders
        WHERE placed_at >= '2026-06-01' AND placed_at < '2026-06-02'""",
    "orders of a month by status": """SELECT status, count(*) FROM ordering.orders
        WHERE placed_at >= '2026-06-01' AND placed_at < '2026-07-01' GROUP BY status""",
    "orders by channel": "SELECT channel, currency, count(*) FROM ordering.orders GROUP BY channel, currency",
    "open orders": """SELECT order_id FROM ordering.orders WHERE status IN ('pending', 'paid', 'packing')
        AND placed_at < '2024-02-01' ORDER BY placed_at LIMIT 50""",
    "cancelled orders by phone": "SELECT * FROM ordering.orders WHERE status = 'cancelled' AND channel = 'phone'",
    "dearest orders": "SELECT order_id, items_total FROM ordering.orders ORDER BY items_total DESC LIMIT 20",
    "lines of an order": "SELECT * FROM ordering.order_lines WHERE order_id = 4711",
    "lines and variants of an order": """SELECT line.line_no, variant.sku FROM ordering.order_lines AS line
        JOIN catalogue.variants AS variant USING (variant_id) WHERE line.order_id = 4711""",
    "turnover by brand": """SELECT brand.name, sum(line.line_total) FROM ordering.order_lines AS line
        JOIN catalogue.variants USING (variant_id) JOIN catalogue.products AS product USING (product_id)
        JOIN catalogue.brands AS brand USING (brand_id) GROUP BY brand.name ORDER BY 2 DESC LIMIT 10""",
    "large lines of a tax rate": """SELECT count(*) FROM ordering.order_lines
        WHERE quantity >= 15 AND unit_price > 1500""",
    "customers of a market": """SELECT count(*) FROM identity.customers
        WHERE home_market = 'NL' AND created_at >= '2026-01-01'""",
    "customers with their last order": """SELECT customer.customer_id, max(o.placed_at)
        FROM identity.customers AS customer JOIN ordering.orders AS o USING (customer_id)
        WHERE customer.created_at >= '2026-12-01' GROUP BY customer.customer_id""",
    "customers without an order": """SELECT count(*) FROM identity.customers AS customer
        WHERE NOT EXISTS (SELECT FROM ordering.orders AS o WHERE o.customer_id = customer.customer_id)""",
    "customers with a return": """SELECT customer_id FROM identity.customers AS customer WHERE EXISTS
        (SELECT FROM ordering.orders AS o JOIN ordering.returns USING (order_id)
         WHERE o.customer_id = customer.customer_id AND o.placed_at >= '2026-10-01')""",
    "customers by age": """SELECT extract(year FROM birth_date), count(*) FROM identity.customers
        WHERE birth_date IS NOT NULL GROUP BY 1""",
    "addresses of a customer": "SELECT * FROM identity.addresses WHERE customer_id = 42 AND is_default",
    "referred customers": """SELECT a.customer_id, b.customer_id FROM identity.customers AS a
        JOIN identity.customers AS b ON b.referred_by = a.customer_id WHERE a.status = 'closed'""",
    "events of an order": "SELECT * FROM ordering.order_events WHERE order_id = 4711 ORDER BY occurred_at",
    "events of a kind in a week": """SELECT count(*) FROM ordering.order_events
        WHERE kind = 'mail-sent' AND occurred_at >= '2026-10-05' AND occurred_at < '2026-10-12'""",
    "events by actor": """SELECT actor, count(*) FROM ordering.order_events WHERE occurred_at >= '2026-12-01'
        GROUP BY actor ORDER BY 2 DESC LIMIT 5""",
    "shipments on their way": """SELECT warehouse_id, count(*) FROM ordering.shipments
        WHERE status = 'in-transit' AND shipped_at >= '2026-11-01' GROUP BY warehouse_id""",
    "shipments with their orders": """SELECT s.shipment_id, o.order_number FROM ordering.shipments AS s
        JOIN ordering.orders AS o USING (order_id) WHERE s.warehouse_id = 3 AND o.placed_at >= '2026-12-25'""",
    "lines never shipped": """SELECT count(*) FROM ordering.order_lines AS line WHERE NOT EXISTS
        (SELECT FROM ordering.shipment_lines AS sent WHERE sent.order_id = line.order_id
         AND sent.line_no = line.line_no)""",
    "returns by reason": """SELECT reason, count(*) FROM ordering.returns
        WHERE requested_at >= '2026-01-01' GROUP BY reason""",
    "movements of a variant": """SELECT * FROM inventory.stock_movements
        WHERE warehouse_id = 2 AND variant_id = 77 ORDER BY moved_at DESC LIMIT 20""",
    "movements of a week": """SELECT reason, sum(quantity) FROM inventory.stock_movements
        WHERE moved_at >= '2026-03-03' AND moved_at < '2026-03-10' GROUP BY reason""",
    "stock below one": """SELECT variant_id FROM inventory.stock_levels GROUP BY variant_id
        HAVING sum(on_hand - reserved) < 1""",
    "variants of a brand in stock": """SELECT variant.variant_id, level.on_hand FROM catalogue.products AS product
        JOIN catalogue.variants AS variant USING (product_id) JOIN inventory.stock_levels AS level USING (variant_id)
        WHERE product.brand_id = 5""",
    "dearest variants": "SELECT variant_id, amount FROM catalogue.prices WHERE currency = 'EUR' AND amount > 1900",
    "carts left": """SELECT count(*) FROM ordering.carts AS cart LEFT JOIN ordering.orders AS o USING (cart_id)
        WHERE o.order_id IS NULL AND cart.created_at >= '2026-12-01'""",
    "carts with a variant": """SELECT cart_id FROM ordering.cart_items WHERE variant_id = 77""",
    "charges of an order": "SELECT * FROM payments.charges WHERE order_id = 4711",
    "captured charges of a month": """SELECT gateway, sum(amount) FROM payments.charges
        WHERE status = 'captured' AND order_id IN (SELECT order_id FROM ordering.orders
            WHERE placed_at >= '2026-06-01' AND placed_at < '2026-06-08') GROUP BY gateway""",
    "risky charges": "SELECT charge_id FROM payments.charges WHERE risk_score > 95 ORDER BY charge_id LIMIT 100",
    "log-ins of an address": """SELECT count(*) FROM identity.login_attempts
        WHERE ip_address = '198.18.0.7' AND NOT succeeded AND attempted_at >= '2026-12-01'""",
    "sessions of a customer": """SELECT * FROM identity.sessions WHERE customer_id = 42 AND revoked_at IS NULL""",
    "coupons used": """SELECT coupon.code, count(*) FROM ordering.order_coupons JOIN ordering.coupons AS coupon
        USING (coupon_id) GROUP BY coupon.code ORDER BY 2 DESC LIMIT 10""",
    "products of a category": """SELECT product.title FROM catalogue.product_categories AS shelf
        JOIN catalogue.products AS product USING (product_id) WHERE shelf.category_id = 3
        ORDER BY shelf.position LIMIT 24""",
    "an update of an order": "UPDATE ordering.orders SET status = 'paid' WHERE order_id = 4711",
    "a deletion of old log-ins": "DELETE FROM identity.login_attempts WHERE attempted_at < '2024-01-15'",
}


def shop_queries() -> dict[str, str]:
    """Return the queries by name: those in the folder beside the schema, then more."""
    files = sorted((SHOP.parent / "queries").glob("*.sql"))
    return {each.stem: each.read_text(encoding="utf-8") for each in files} | _MORE
