-- The dashboard wants the newest orders of a channel.
CREATE INDEX orders_channel_placed_at ON ordering.orders (channel, placed_at);
