-- The dashboard wants the newest orders of a channel. Runs outside a transaction.
SET lock_timeout = '5s';
CREATE INDEX CONCURRENTLY orders_channel_placed_at ON ordering.orders (channel, placed_at);
