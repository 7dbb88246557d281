"""Models to explore: everything that the page can tell, and names that want to be markup."""

from __future__ import annotations

from planroom.findings import Finding, Fix, Severity
from planroom.model import Model
from planroom.workbench import read

DDL = """
CREATE TYPE state AS ENUM ('draft', 'open', 'paid');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mail email NOT NULL UNIQUE,
    referred_by bigint REFERENCES customers
);
COMMENT ON TABLE customers IS 'People who buy.';
COMMENT ON COLUMN customers.mail IS 'Where the invoice goes.';
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers ON DELETE CASCADE,
    state state NOT NULL DEFAULT 'draft',
    total numeric(12,2) CHECK (total >= 0),
    placed_at timestamptz NOT NULL
);
CREATE INDEX orders_placed_at ON orders (placed_at DESC) WHERE state <> 'draft';
CREATE TABLE lines (
    order_id bigint REFERENCES orders,
    position integer,
    PRIMARY KEY (order_id, position)
);
CREATE TABLE events (id bigint, at timestamptz, order_id bigint REFERENCES orders) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE VIEW open_orders AS SELECT id, total FROM orders WHERE state = 'open';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders FOR SELECT TO public USING (customer_id = 1);
"""

NOTES = """
orders: {owner: team-checkout, rows: 30_000_000, context: ordering}
lines: {context: ordering}
customers: {context: identity}
customers.mail: {pii: email}
"""

FINDING = Finding(
    "SCH001", "wide", Severity.WARNING, "orders is wide", subject="public.orders.total", fix=Fix("Move columns out.")
)
ELSEWHERE = Finding("SCH002", "naming", Severity.NOTE, "two conventions are mixed")
DECISION = ("0007", "Partition events by month", "accepted", ["table:events"])


def shop(tmp_path) -> Model:
    (tmp_path / "shop.sql").write_text(DDL)
    (tmp_path / "shop.notes.yml").write_text(NOTES)
    return read(tmp_path / "shop.sql")
