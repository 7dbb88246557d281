-- Carriers get a table of their own: their tracking pages differ.
SET lock_timeout = '5s';
CREATE TABLE ordering.carriers (
    carrier      text NOT NULL,
    tracking_url text,
    CONSTRAINT carriers_pkey PRIMARY KEY (carrier)
);
COMMENT ON TABLE ordering.carriers IS 'Who carries our parcels.';
INSERT INTO ordering.carriers (carrier) SELECT DISTINCT carrier FROM ordering.shipments;
ALTER TABLE ordering.shipments
    ADD CONSTRAINT shipments_carrier_fkey FOREIGN KEY (carrier) REFERENCES ordering.carriers ON DELETE RESTRICT NOT VALID;
INSERT INTO ordering.carriers (carrier) SELECT DISTINCT carrier FROM ordering.shipments ON CONFLICT DO NOTHING;
ALTER TABLE ordering.shipments VALIDATE CONSTRAINT shipments_carrier_fkey;
