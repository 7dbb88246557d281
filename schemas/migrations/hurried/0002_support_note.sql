-- Support may leave a note on an order; the form takes 2,000 characters.
ALTER TABLE ordering.orders
    ADD COLUMN support_note text NOT NULL DEFAULT ''
    CONSTRAINT orders_support_note_fits CHECK (length(support_note) <= 2000);
COMMENT ON COLUMN ordering.orders.support_note IS 'What support wants the next shift to know.';
