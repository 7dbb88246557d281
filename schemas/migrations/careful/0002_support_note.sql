-- Support may leave a note on an order; the form takes 2,000 characters.
SET lock_timeout = '5s';
ALTER TABLE ordering.orders ADD COLUMN support_note text NOT NULL DEFAULT '';
ALTER TABLE ordering.orders
    ADD CONSTRAINT orders_support_note_fits CHECK (length(support_note) <= 2000) NOT VALID;
ALTER TABLE ordering.orders VALIDATE CONSTRAINT orders_support_note_fits;
COMMENT ON COLUMN ordering.orders.support_note IS 'What support wants the next shift to know.';
