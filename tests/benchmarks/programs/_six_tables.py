"""Six tables of a shop, as DDL and notes: what generators of rows are measured with."""

from __future__ import annotations

DDL = """
CREATE TABLE category (id int PRIMARY KEY, name text NOT NULL UNIQUE, parent_id int REFERENCES category);
CREATE TABLE customer (id bigint PRIMARY KEY, email text NOT NULL UNIQUE, full_name text NOT NULL, country text,
  created_at timestamp NOT NULL);
CREATE TABLE product (id bigint PRIMARY KEY, sku text NOT NULL UNIQUE, category_id int NOT NULL REFERENCES category,
  price numeric(10, 2) NOT NULL CHECK (price > 0));
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customer,
  placed_at timestamp NOT NULL, status text NOT NULL CHECK (status IN ('paid', 'open', 'cancelled')));
CREATE TABLE order_item (order_id bigint NOT NULL REFERENCES orders, line_no smallint NOT NULL,
  product_id bigint NOT NULL REFERENCES product, qty int NOT NULL CHECK (qty BETWEEN 1 AND 20),
  PRIMARY KEY (order_id, line_no));
CREATE TABLE payment (id bigint PRIMARY KEY, order_id bigint NOT NULL UNIQUE REFERENCES orders,
  paid_at timestamp NOT NULL, amount numeric(10, 2) NOT NULL CHECK (amount > 0));
"""
NOTES = {
    "orders.customer_id": {"skew": 0.8},
    "order_item.product_id": {"skew": 1.0},
    "product.category_id": {"skew": 1.0},
    "customer.country": {"null_fraction": 0.07, "skew": 1.2},
    "orders.status": {"skew": 2.0},
}


def rows(total):
    """Return rows by table that add up to a total, as a shop's do."""
    orders = total // 5
    return {
        "category": 200,
        "customer": orders // 10,
        "product": orders // 40,
        "orders": orders,
        "order_item": total - 200 - orders // 10 - orders // 40 - orders - orders * 9 // 10,
        "payment": orders * 9 // 10,
    }


def model():
    """Return the six tables as planroom's model."""
    from planroom.model import annotate
    from planroom.workbench import read

    return annotate(read(DDL), NOTES)
