-- Delivery team: how many parcels of each warehouse and carrier left over a week ago and have not arrived?
SELECT house.code AS warehouse,
       parcel.carrier,
       count(*)               AS parcels,
       min(parcel.shipped_at) AS oldest
FROM ordering.shipments AS parcel
JOIN inventory.warehouses AS house ON house.warehouse_id = parcel.warehouse_id
WHERE parcel.shipped_at < TIMESTAMPTZ '2026-11-20 00:00:00+00'
  AND parcel.delivered_at IS NULL
  AND parcel.status IN ('handed-over', 'in-transit')
GROUP BY house.code, parcel.carrier
ORDER BY parcels DESC, warehouse, carrier;
