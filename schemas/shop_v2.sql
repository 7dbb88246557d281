-- =====================================================================================================================
--  shop_v2.sql    The shop of shop.sql, one release later: what a team proposes, to be compared and reviewed.
--
--  A commerce platform: one PostgreSQL 18 database, six bounded contexts, one schema each.
--
--      identity     who our customers are and how they get in
--      catalogue    what we sell and for how much
--      inventory    where it lies, and how much of it is promised
--      ordering     what was bought, packed, sent and sent back
--      payments     the money that moved because of it
--      loyalty      what customers earn by coming back
--
--  House rule: a context shows the others its aggregate roots only. The three that nearly everybody knows are
--  identity.customers, catalogue.variants and ordering.orders; the rest of another context is private.
--
--  Owners, volumes, personal data and retention stand in shop.notes.yml.
-- =====================================================================================================================

CREATE EXTENSION IF NOT EXISTS btree_gist;          -- scalars beside ranges in exclusion constraints

CREATE SCHEMA identity;
CREATE SCHEMA catalogue;
CREATE SCHEMA inventory;
CREATE SCHEMA ordering;
CREATE SCHEMA payments;
CREATE SCHEMA loyalty;

COMMENT ON SCHEMA identity  IS 'Customers, how they sign in, and what they agreed to.';
COMMENT ON SCHEMA catalogue IS 'Products, their variants, prices and pictures.';
COMMENT ON SCHEMA inventory IS 'Warehouses, stock, reservations and suppliers.';
COMMENT ON SCHEMA ordering  IS 'Carts, orders, shipments and returns.';
COMMENT ON SCHEMA payments  IS 'Charges, refunds and invoices.';
COMMENT ON SCHEMA loyalty   IS 'Points that customers earn and spend.';


-- =====================================================================================================================
--  Shared kernel: the few words that mean the same in every context
-- =====================================================================================================================

CREATE DOMAIN public.currency_code AS text
    CONSTRAINT currency_code_is_iso_4217 CHECK (VALUE ~ '^[A-Z]{3}$');

CREATE DOMAIN public.country_code AS text
    CONSTRAINT country_code_is_iso_3166 CHECK (VALUE ~ '^[A-Z]{2}$');

CREATE DOMAIN public.email_address AS text
    CONSTRAINT email_address_has_one_at CHECK (VALUE ~ '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$');

COMMENT ON DOMAIN public.currency_code IS 'ISO 4217 alphabetic code, such as EUR.';
COMMENT ON DOMAIN public.country_code  IS 'ISO 3166-1 alpha-2 code, such as NL.';
COMMENT ON DOMAIN public.email_address IS 'An address that could receive mail; kept as typed, compared in lower case.';

CREATE FUNCTION public.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION public.touch_updated_at() IS 'Row trigger: sets updated_at to the time of the transaction.';


-- =====================================================================================================================
--  identity: who our customers are and how they get in
-- =====================================================================================================================

CREATE TYPE identity.customer_status AS ENUM ('active', 'locked', 'closed');
CREATE TYPE identity.address_kind    AS ENUM ('shipping', 'billing');
CREATE TYPE identity.consent_purpose AS ENUM ('newsletter', 'profiling', 'third-party');

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE identity.customers (
    customer_id     bigint                    GENERATED ALWAYS AS IDENTITY,
    email           public.email_address      NOT NULL,
    full_name       text                      NOT NULL,
    phone           text,
    birth_date      date,
    status          identity.customer_status  NOT NULL DEFAULT 'active',
    home_market     public.country_code       NOT NULL,
    referred_by     bigint,
    preferences     jsonb                     NOT NULL DEFAULT '{}',
    created_at      timestamptz               NOT NULL DEFAULT now(),
    updated_at      timestamptz               NOT NULL DEFAULT now(),

    CONSTRAINT customers_pkey               PRIMARY KEY (customer_id),
    CONSTRAINT customers_referred_by_fkey   FOREIGN KEY (referred_by) REFERENCES identity.customers ON DELETE SET NULL,
    CONSTRAINT customers_not_own_referrer   CHECK (referred_by <> customer_id),
    CONSTRAINT customers_preferences_object CHECK (jsonb_typeof(preferences) = 'object')
);

CREATE UNIQUE INDEX customers_email_lower_key ON identity.customers (lower(email));
CREATE INDEX customers_referred_by_idx        ON identity.customers (referred_by);
CREATE INDEX customers_locked_idx             ON identity.customers (updated_at) WHERE status = 'locked';

CREATE TRIGGER customers_touch BEFORE UPDATE ON identity.customers
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION public.touch_updated_at();

COMMENT ON TABLE  identity.customers             IS 'A person who has registered. Never deleted while orders exist; closed and anonymised instead.';
COMMENT ON COLUMN identity.customers.customer_id IS 'Known to every context; never reused.';
COMMENT ON COLUMN identity.customers.email       IS 'Sign-in name; unique without regard to case.';
COMMENT ON COLUMN identity.customers.full_name   IS 'As the customer writes it: one field, no first or last.';
COMMENT ON COLUMN identity.customers.phone       IS 'E.164, for the carrier; null when not given.';
COMMENT ON COLUMN identity.customers.birth_date  IS 'Asked only for goods with an age limit.';
COMMENT ON COLUMN identity.customers.status      IS 'locked: support must look; closed: anonymised.';
COMMENT ON COLUMN identity.customers.home_market IS 'The market whose prices and law apply by default.';
COMMENT ON COLUMN identity.customers.referred_by IS 'The customer who brought this one, if any.';
COMMENT ON COLUMN identity.customers.preferences IS 'What the front end remembers: language, theme, size chart.';
COMMENT ON COLUMN identity.customers.created_at  IS 'When the customer registered.';
COMMENT ON COLUMN identity.customers.updated_at  IS 'When any column last changed; kept by trigger.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE identity.addresses (
    address_id      bigint                    GENERATED ALWAYS AS IDENTITY,
    customer_id     bigint                    NOT NULL,
    kind            identity.address_kind     NOT NULL,
    is_default      boolean                   NOT NULL DEFAULT false,
    recipient       text                      NOT NULL,
    street_name     text                      NOT NULL,
    house_number    text                      NOT NULL,
    postcode        text                      NOT NULL,
    city            text                      NOT NULL,
    country         public.country_code       NOT NULL,

    CONSTRAINT addresses_pkey             PRIMARY KEY (address_id),
    CONSTRAINT addresses_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES identity.customers ON DELETE CASCADE
);

CREATE INDEX addresses_customer_id_idx        ON identity.addresses (customer_id);
CREATE UNIQUE INDEX addresses_one_default_key ON identity.addresses (customer_id, kind) WHERE is_default;

COMMENT ON TABLE  identity.addresses             IS 'The address book of a customer. Orders copy from it and never point to it.';
COMMENT ON COLUMN identity.addresses.address_id  IS 'Internal key; not shown.';
COMMENT ON COLUMN identity.addresses.customer_id IS 'Whose address book.';
COMMENT ON COLUMN identity.addresses.kind        IS 'What the address is offered for at the checkout.';
COMMENT ON COLUMN identity.addresses.is_default  IS 'At most one default for each customer and kind.';
COMMENT ON COLUMN identity.addresses.recipient   IS 'Name on the label; need not be the customer.';
COMMENT ON COLUMN identity.addresses.street_name IS 'Street without the number: carriers ask for the two apart.';
COMMENT ON COLUMN identity.addresses.house_number IS 'Number and addition: 12-B.';
COMMENT ON COLUMN identity.addresses.postcode    IS 'In the form the country uses.';
COMMENT ON COLUMN identity.addresses.city        IS 'Post town.';
COMMENT ON COLUMN identity.addresses.country     IS 'Decides tax and carriers.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE identity.sessions (
    session_id      uuid                      DEFAULT uuidv7(),
    customer_id     bigint                    NOT NULL,
    ip_address      inet                      NOT NULL,
    user_agent      text                      NOT NULL,
    created_at      timestamptz               NOT NULL DEFAULT now(),
    expires_at      timestamptz               NOT NULL,
    revoked_at      timestamptz,

    CONSTRAINT sessions_pkey             PRIMARY KEY (session_id),
    CONSTRAINT sessions_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES identity.customers ON DELETE CASCADE,
    CONSTRAINT sessions_end_after_start  CHECK (expires_at > created_at)
);

CREATE INDEX sessions_customer_id_idx ON identity.sessions (customer_id);
CREATE INDEX sessions_live_idx        ON identity.sessions (expires_at) WHERE revoked_at IS NULL;

COMMENT ON TABLE  identity.sessions             IS 'A signed-in browser or app.';
COMMENT ON COLUMN identity.sessions.session_id  IS 'Version 7: sorts by creation, so inserts stay at the right edge of the index.';
COMMENT ON COLUMN identity.sessions.customer_id IS 'Who signed in.';
COMMENT ON COLUMN identity.sessions.ip_address  IS 'Where the session was opened from.';
COMMENT ON COLUMN identity.sessions.user_agent  IS 'As sent by the browser; shown in the list of devices.';
COMMENT ON COLUMN identity.sessions.created_at  IS 'When the customer signed in.';
COMMENT ON COLUMN identity.sessions.expires_at  IS 'Not accepted from then on.';
COMMENT ON COLUMN identity.sessions.revoked_at  IS 'When the customer or support ended it early.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE identity.login_attempts (
    customer_id     bigint,
    email_tried     text                      NOT NULL,
    ip_address      inet                      NOT NULL,
    succeeded       boolean                   NOT NULL,
    attempted_at    timestamptz               NOT NULL DEFAULT now(),

    CONSTRAINT login_attempts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES identity.customers ON DELETE SET NULL
);

CREATE INDEX login_attempts_customer_id_idx  ON identity.login_attempts (customer_id);
CREATE INDEX login_attempts_ip_idx           ON identity.login_attempts (ip_address, attempted_at DESC) WHERE NOT succeeded;
CREATE INDEX login_attempts_attempted_at_idx ON identity.login_attempts USING brin (attempted_at);

COMMENT ON TABLE  identity.login_attempts              IS 'Every try to sign in, right or wrong. Only ever appended to; old rows are purged at night.';
COMMENT ON COLUMN identity.login_attempts.customer_id  IS 'Null when the address is unknown to us.';
COMMENT ON COLUMN identity.login_attempts.email_tried  IS 'As typed, so it may be anything.';
COMMENT ON COLUMN identity.login_attempts.ip_address   IS 'Source address after our own proxies.';
COMMENT ON COLUMN identity.login_attempts.succeeded    IS 'Whether the password and the second factor were right.';
COMMENT ON COLUMN identity.login_attempts.attempted_at IS 'Rows arrive in this order, which is why BRIN is enough.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE identity.consents (
    consent_id      bigint                    GENERATED ALWAYS AS IDENTITY,
    customer_id     bigint                    NOT NULL,
    purpose         identity.consent_purpose  NOT NULL,
    given_at        timestamptz               NOT NULL DEFAULT now(),
    withdrawn_at    timestamptz,
    evidence        jsonb                     NOT NULL,

    CONSTRAINT consents_pkey             PRIMARY KEY (consent_id),
    CONSTRAINT consents_one_live_key     UNIQUE NULLS NOT DISTINCT (customer_id, purpose, withdrawn_at),
    CONSTRAINT consents_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES identity.customers ON DELETE CASCADE,
    CONSTRAINT consents_order_of_time    CHECK (withdrawn_at > given_at)
);

COMMENT ON TABLE  identity.consents              IS 'What a customer agreed to, and when it was taken back (GDPR, article 7).';
COMMENT ON COLUMN identity.consents.consent_id   IS 'Internal key.';
COMMENT ON COLUMN identity.consents.customer_id  IS 'Who agreed.';
COMMENT ON COLUMN identity.consents.purpose      IS 'One live consent for each purpose: nulls count as equal in the key.';
COMMENT ON COLUMN identity.consents.given_at     IS 'When the box was ticked.';
COMMENT ON COLUMN identity.consents.withdrawn_at IS 'Null while the consent is live.';
COMMENT ON COLUMN identity.consents.evidence     IS 'Version of the text, form and page, as they were shown.';


-- =====================================================================================================================
--  catalogue: what we sell and for how much
-- =====================================================================================================================

CREATE DOMAIN catalogue.sku AS text
    CONSTRAINT sku_has_house_form CHECK (VALUE ~ '^[A-Z]{3}-[0-9]{5}(-[A-Z0-9]{1,4})?$');

CREATE TYPE catalogue.product_status AS ENUM ('draft', 'listed', 'paused', 'retired');
CREATE TYPE catalogue.media_owner    AS ENUM ('product', 'variant', 'brand', 'category');
CREATE TYPE catalogue.media_kind     AS ENUM ('image', 'video', 'manual');

COMMENT ON DOMAIN catalogue.sku            IS 'Three letters for the range, five digits, an optional variant mark: TEA-00042-L.';
COMMENT ON TYPE   catalogue.product_status IS 'draft and paused are hidden from customers; retired is for ever.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE catalogue.categories (
    category_id     integer                   GENERATED ALWAYS AS IDENTITY,
    parent_id       integer,
    slug            text                      NOT NULL,
    name            text                      NOT NULL,
    position        smallint                  NOT NULL DEFAULT 0,

    CONSTRAINT categories_pkey           PRIMARY KEY (category_id),
    CONSTRAINT categories_slug_key       UNIQUE (slug),
    CONSTRAINT categories_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES catalogue.categories ON DELETE RESTRICT,
    CONSTRAINT categories_not_own_parent CHECK (parent_id <> category_id)
);

CREATE INDEX categories_parent_id_idx ON catalogue.categories (parent_id, position);

COMMENT ON TABLE  catalogue.categories             IS 'The tree that customers browse.';
COMMENT ON COLUMN catalogue.categories.category_id IS 'Internal key.';
COMMENT ON COLUMN catalogue.categories.parent_id   IS 'Null for the departments at the top.';
COMMENT ON COLUMN catalogue.categories.slug        IS 'Last part of the URL; unique over the whole tree.';
COMMENT ON COLUMN catalogue.categories.name        IS 'As shown in the menu.';
COMMENT ON COLUMN catalogue.categories.position    IS 'Order among brothers and sisters, low first.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE catalogue.brands (
    brand_id        integer                   GENERATED ALWAYS AS IDENTITY,
    name            text                      NOT NULL,
    website         text,

    CONSTRAINT brands_pkey     PRIMARY KEY (brand_id),
    CONSTRAINT brands_name_key UNIQUE (name)
);

COMMENT ON TABLE  catalogue.brands          IS 'The name on the box.';
COMMENT ON COLUMN catalogue.brands.brand_id IS 'Internal key.';
COMMENT ON COLUMN catalogue.brands.name     IS 'As the maker writes it.';
COMMENT ON COLUMN catalogue.brands.website  IS 'Address of the maker''s own site.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE catalogue.products (
    product_id          bigint                    GENERATED ALWAYS AS IDENTITY,
    brand_id            integer                   NOT NULL,
    default_variant_id  bigint,
    slug                text                      NOT NULL,
    title               text                      NOT NULL,
    description         text                      NOT NULL DEFAULT '',
    status              catalogue.product_status  NOT NULL DEFAULT 'draft',
    attributes          jsonb                     NOT NULL DEFAULT '{}',
    search_text         tsvector                  GENERATED ALWAYS AS (
                            setweight(to_tsvector('english'::regconfig, title), 'A') ||
                            setweight(to_tsvector('english'::regconfig, description), 'C')
                        ) STORED,
    created_at          timestamptz               NOT NULL DEFAULT now(),
    updated_at          timestamptz               NOT NULL DEFAULT now(),

    CONSTRAINT products_pkey              PRIMARY KEY (product_id),
    CONSTRAINT products_slug_key          UNIQUE (slug),
    CONSTRAINT products_brand_id_fkey     FOREIGN KEY (brand_id) REFERENCES catalogue.brands ON DELETE RESTRICT,
    CONSTRAINT products_attributes_object CHECK (jsonb_typeof(attributes) = 'object')
);

CREATE INDEX products_brand_id_idx           ON catalogue.products (brand_id);
CREATE INDEX products_default_variant_id_idx ON catalogue.products (default_variant_id);
CREATE INDEX products_listed_idx             ON catalogue.products (created_at DESC) INCLUDE (title) WHERE status = 'listed';
CREATE INDEX products_attributes_idx         ON catalogue.products USING gin (attributes jsonb_path_ops);
CREATE INDEX products_search_text_idx        ON catalogue.products USING gin (search_text);

CREATE TRIGGER products_touch BEFORE UPDATE ON catalogue.products
    FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

COMMENT ON TABLE  catalogue.products                    IS 'What a customer thinks of as one thing: a teapot, in all its sizes and colours.';
COMMENT ON COLUMN catalogue.products.product_id         IS 'Internal key.';
COMMENT ON COLUMN catalogue.products.brand_id           IS 'Who makes it.';
COMMENT ON COLUMN catalogue.products.default_variant_id IS 'The variant shown first. Product and variant point at each other, so the key is checked at commit.';
COMMENT ON COLUMN catalogue.products.slug               IS 'Last part of the URL; kept for ever, for the sake of old links.';
COMMENT ON COLUMN catalogue.products.title              IS 'One line, in the shop''s own language.';
COMMENT ON COLUMN catalogue.products.description        IS 'Markdown.';
COMMENT ON COLUMN catalogue.products.status             IS 'Only listed products can be found and bought.';
COMMENT ON COLUMN catalogue.products.attributes         IS 'What differs from range to range: material, wattage, age limit.';
COMMENT ON COLUMN catalogue.products.search_text        IS 'Title weighs more than description.';
COMMENT ON COLUMN catalogue.products.created_at         IS 'When the draft was made.';
COMMENT ON COLUMN catalogue.products.updated_at         IS 'When any column last changed; kept by trigger.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE catalogue.product_categories (
    product_id      bigint                    NOT NULL,
    category_id     integer                   NOT NULL,
    position        smallint                  NOT NULL DEFAULT 0,

    CONSTRAINT product_categories_pkey             PRIMARY KEY (product_id, category_id),
    CONSTRAINT product_categories_product_id_fkey  FOREIGN KEY (product_id)  REFERENCES catalogue.products   ON DELETE CASCADE,
    CONSTRAINT product_categories_category_id_fkey FOREIGN KEY (category_id) REFERENCES catalogue.categories ON DELETE RESTRICT
);

CREATE INDEX product_categories_category_id_idx ON catalogue.product_categories (category_id, position) INCLUDE (product_id);

COMMENT ON TABLE  catalogue.product_categories             IS 'On which shelves a product stands: many to many.';
COMMENT ON COLUMN catalogue.product_categories.product_id  IS 'The product.';
COMMENT ON COLUMN catalogue.product_categories.category_id IS 'The shelf.';
COMMENT ON COLUMN catalogue.product_categories.position    IS 'Place on the shelf, low first.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE catalogue.variants (
    variant_id      bigint                    GENERATED ALWAYS AS IDENTITY,
    product_id      bigint                    NOT NULL,
    sku             catalogue.sku             NOT NULL,
    barcode         text,
    options         jsonb                     NOT NULL DEFAULT '{}',
    weight_g        integer                   NOT NULL,
    length_mm       integer                   NOT NULL,
    width_mm        integer                   NOT NULL,
    height_mm       integer                   NOT NULL,
    volume_cm3      numeric                   GENERATED ALWAYS AS (length_mm::numeric * width_mm * height_mm / 1000) VIRTUAL,
    discontinued_at timestamptz,

    CONSTRAINT variants_pkey            PRIMARY KEY (variant_id),
    CONSTRAINT variants_sku_key         UNIQUE (sku),
    CONSTRAINT variants_product_id_fkey FOREIGN KEY (product_id) REFERENCES catalogue.products ON DELETE CASCADE,
    CONSTRAINT variants_has_a_body      CHECK (weight_g > 0 AND least(length_mm, width_mm, height_mm) > 0)
);

CREATE INDEX variants_product_id_idx     ON catalogue.variants (product_id);
CREATE UNIQUE INDEX variants_barcode_key ON catalogue.variants (barcode) WHERE barcode IS NOT NULL;

ALTER TABLE catalogue.products
    ADD CONSTRAINT products_default_variant_id_fkey
        FOREIGN KEY (default_variant_id) REFERENCES catalogue.variants ON DELETE SET NULL
        DEFERRABLE INITIALLY DEFERRED;

COMMENT ON TABLE  catalogue.variants                 IS 'What can be put into a box: one size, one colour, one SKU. Everything that is counted or priced points here.';
COMMENT ON COLUMN catalogue.variants.variant_id      IS 'Known to ordering and inventory; never reused.';
COMMENT ON COLUMN catalogue.variants.product_id      IS 'The product this is a variant of.';
COMMENT ON COLUMN catalogue.variants.sku             IS 'Printed on the shelf label.';
COMMENT ON COLUMN catalogue.variants.barcode         IS 'GTIN-13 where the maker has one.';
COMMENT ON COLUMN catalogue.variants.options         IS 'What sets it apart from its siblings: {"size": "L", "colour": "jade"}.';
COMMENT ON COLUMN catalogue.variants.weight_g        IS 'Grams, packed.';
COMMENT ON COLUMN catalogue.variants.length_mm       IS 'Millimetres, packed, longest side.';
COMMENT ON COLUMN catalogue.variants.width_mm        IS 'Millimetres, packed.';
COMMENT ON COLUMN catalogue.variants.height_mm       IS 'Millimetres, packed.';
COMMENT ON COLUMN catalogue.variants.volume_cm3      IS 'What the carrier bills for; computed on reading.';
COMMENT ON COLUMN catalogue.variants.discontinued_at IS 'Not bought in any more; sold while stock lasts.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE catalogue.prices (
    price_id        bigint                    GENERATED ALWAYS AS IDENTITY,
    variant_id      bigint                    NOT NULL,
    currency        public.currency_code      NOT NULL,
    amount          numeric(12, 2)            NOT NULL,
    valid           tstzrange                 NOT NULL,

    CONSTRAINT prices_pkey            PRIMARY KEY (price_id),
    CONSTRAINT prices_variant_id_fkey FOREIGN KEY (variant_id) REFERENCES catalogue.variants ON DELETE CASCADE,
    CONSTRAINT prices_amount_positive CHECK (amount > 0),
    CONSTRAINT prices_valid_not_empty CHECK (NOT isempty(valid)),
    CONSTRAINT prices_one_at_a_time   EXCLUDE USING gist (variant_id WITH =, currency WITH =, valid WITH &&)
);

CREATE INDEX prices_variant_id_idx ON catalogue.prices (variant_id);

COMMENT ON TABLE  catalogue.prices            IS 'What a variant costs, and from when to when. Two prices in one currency never overlap.';
COMMENT ON COLUMN catalogue.prices.price_id   IS 'Internal key.';
COMMENT ON COLUMN catalogue.prices.variant_id IS 'What is priced.';
COMMENT ON COLUMN catalogue.prices.currency   IS 'One price list for each currency.';
COMMENT ON COLUMN catalogue.prices.amount     IS 'With tax, for one piece.';
COMMENT ON COLUMN catalogue.prices.valid      IS 'Open at the end for a price without a planned change.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE catalogue.media (
    media_id        bigint                    GENERATED ALWAYS AS IDENTITY,
    owner_type      catalogue.media_owner     NOT NULL,
    owner_id        bigint                    NOT NULL,
    kind            catalogue.media_kind      NOT NULL DEFAULT 'image',
    position        smallint                  NOT NULL DEFAULT 0,
    object_key      text                      NOT NULL,
    alt_text        text                      NOT NULL DEFAULT '',

    CONSTRAINT media_pkey           PRIMARY KEY (media_id),
    CONSTRAINT media_object_key_key UNIQUE (object_key),
    CONSTRAINT media_place_key      UNIQUE (owner_type, owner_id, position)
);

COMMENT ON TABLE  catalogue.media            IS 'Pictures, films and manuals of a product, variant, brand or category.';
COMMENT ON COLUMN catalogue.media.media_id   IS 'Internal key.';
COMMENT ON COLUMN catalogue.media.owner_type IS 'Which table owner_id belongs to.';
COMMENT ON COLUMN catalogue.media.owner_id   IS 'Key in the table that owner_type names.';
COMMENT ON COLUMN catalogue.media.kind       IS 'How the page shows it.';
COMMENT ON COLUMN catalogue.media.position   IS 'Order on the page; 0 is the main picture.';
COMMENT ON COLUMN catalogue.media.object_key IS 'Key in the object store.';
COMMENT ON COLUMN catalogue.media.alt_text   IS 'For those who cannot see it.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE VIEW catalogue.current_prices AS
SELECT variant_id, currency, amount, upper(valid) AS valid_until
FROM catalogue.prices
WHERE valid @> now();

CREATE VIEW catalogue.category_paths AS
WITH RECURSIVE paths AS (
    SELECT category_id, 1 AS depth, name AS path
    FROM catalogue.categories
    WHERE parent_id IS NULL
    UNION ALL
    SELECT child.category_id, parent.depth + 1, parent.path || ' > ' || child.name
    FROM catalogue.categories AS child
    JOIN paths AS parent ON parent.category_id = child.parent_id
)
SELECT category_id, depth, path
FROM paths;

CREATE FUNCTION catalogue.price_at(
        wanted_variant   bigint,
        wanted_currency  public.currency_code,
        moment           timestamptz DEFAULT now()
    ) RETURNS numeric
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT amount
    FROM catalogue.prices
    WHERE variant_id = wanted_variant
      AND currency = wanted_currency
      AND valid @> moment;
END;

COMMENT ON VIEW catalogue.current_prices IS 'The prices a customer sees at this moment.';
COMMENT ON VIEW catalogue.category_paths IS 'Every category with its way from the top: Kitchen > Tea > Pots.';
COMMENT ON FUNCTION catalogue.price_at(bigint, public.currency_code, timestamptz)
    IS 'The price of a variant at a moment; null when it had none.';


-- =====================================================================================================================
--  inventory: where it lies, and how much of it is promised
-- =====================================================================================================================

CREATE TYPE inventory.movement_reason AS ENUM ('receipt', 'pick', 'return', 'transfer', 'count', 'damage');

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE inventory.warehouses (
    warehouse_id    smallint                  GENERATED ALWAYS AS IDENTITY,
    code            text                      NOT NULL,
    name            text                      NOT NULL,
    country         public.country_code       NOT NULL,
    time_zone       text                      NOT NULL,
    closed_at       timestamptz,

    CONSTRAINT warehouses_pkey      PRIMARY KEY (warehouse_id),
    CONSTRAINT warehouses_code_key  UNIQUE (code),
    CONSTRAINT warehouses_code_form CHECK (code ~ '^[A-Z]{3}[0-9]$')
);

COMMENT ON TABLE  inventory.warehouses              IS 'A building we ship from.';
COMMENT ON COLUMN inventory.warehouses.warehouse_id IS 'Internal key.';
COMMENT ON COLUMN inventory.warehouses.code         IS 'Nearest airport and a digit: AMS1.';
COMMENT ON COLUMN inventory.warehouses.name         IS 'What the staff call it.';
COMMENT ON COLUMN inventory.warehouses.country      IS 'Decides customs papers.';
COMMENT ON COLUMN inventory.warehouses.time_zone    IS 'IANA name, for cut-off times.';
COMMENT ON COLUMN inventory.warehouses.closed_at    IS 'Nothing leaves after this moment.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE inventory.suppliers (
    supplier_id     integer                   GENERATED ALWAYS AS IDENTITY,
    name            text                      NOT NULL,
    contact_email   public.email_address,
    addr1           text                      NOT NULL,
    addr2           text,
    city            text                      NOT NULL,
    country         public.country_code       NOT NULL,

    CONSTRAINT suppliers_pkey     PRIMARY KEY (supplier_id),
    CONSTRAINT suppliers_name_key UNIQUE (name)
);

COMMENT ON TABLE  inventory.suppliers               IS 'Those we buy from.';
COMMENT ON COLUMN inventory.suppliers.supplier_id   IS 'Internal key.';
COMMENT ON COLUMN inventory.suppliers.name          IS 'As in the commercial register.';
COMMENT ON COLUMN inventory.suppliers.contact_email IS 'The account manager''s mailbox.';
COMMENT ON COLUMN inventory.suppliers.addr1         IS 'Address, first line.';
COMMENT ON COLUMN inventory.suppliers.addr2         IS 'Address, second line.';
COMMENT ON COLUMN inventory.suppliers.city          IS 'Post town.';
COMMENT ON COLUMN inventory.suppliers.country       IS 'Country of the registered office.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE inventory.supplier_offers (
    supplier_id     integer                   NOT NULL,
    variant_id      bigint                    NOT NULL,
    currency        public.currency_code      NOT NULL,
    unit_cost       numeric(12, 4)            NOT NULL,
    minimum_units   integer                   NOT NULL DEFAULT 1,
    lead_time       interval DAY              NOT NULL,

    CONSTRAINT supplier_offers_pkey             PRIMARY KEY (supplier_id, variant_id),
    CONSTRAINT supplier_offers_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES inventory.suppliers ON DELETE CASCADE,
    CONSTRAINT supplier_offers_variant_id_fkey  FOREIGN KEY (variant_id)  REFERENCES catalogue.variants  ON DELETE CASCADE,
    CONSTRAINT supplier_offers_sane             CHECK (unit_cost >= 0 AND minimum_units > 0 AND lead_time >= interval '0')
);

CREATE INDEX supplier_offers_variant_id_idx ON inventory.supplier_offers (variant_id, unit_cost);

COMMENT ON TABLE  inventory.supplier_offers               IS 'Who can deliver what: many to many.';
COMMENT ON COLUMN inventory.supplier_offers.supplier_id   IS 'Who offers.';
COMMENT ON COLUMN inventory.supplier_offers.variant_id    IS 'What is offered.';
COMMENT ON COLUMN inventory.supplier_offers.currency      IS 'Currency of unit_cost.';
COMMENT ON COLUMN inventory.supplier_offers.unit_cost     IS 'Without tax, for one piece; four decimals because screws are cheap.';
COMMENT ON COLUMN inventory.supplier_offers.minimum_units IS 'Smallest order the supplier accepts.';
COMMENT ON COLUMN inventory.supplier_offers.lead_time     IS 'From our order to our door.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE inventory.stock_levels (
    warehouse_id    smallint                  NOT NULL,
    variant_id      bigint                    NOT NULL,
    on_hand         integer                   NOT NULL DEFAULT 0,
    reserved        integer                   NOT NULL DEFAULT 0,
    available       integer                   GENERATED ALWAYS AS (on_hand - reserved) VIRTUAL,
    counted_at      timestamptz,

    CONSTRAINT stock_levels_pkey              PRIMARY KEY (warehouse_id, variant_id),
    CONSTRAINT stock_levels_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES inventory.warehouses ON DELETE RESTRICT,
    CONSTRAINT stock_levels_variant_id_fkey   FOREIGN KEY (variant_id)   REFERENCES catalogue.variants   ON DELETE RESTRICT,
    CONSTRAINT stock_levels_never_oversold    CHECK (reserved BETWEEN 0 AND on_hand)
);

CREATE INDEX stock_levels_variant_id_idx ON inventory.stock_levels (variant_id) INCLUDE (on_hand, reserved);

COMMENT ON TABLE  inventory.stock_levels              IS 'How many pieces lie in a warehouse. One row is one shelf label.';
COMMENT ON COLUMN inventory.stock_levels.warehouse_id IS 'Where.';
COMMENT ON COLUMN inventory.stock_levels.variant_id   IS 'What.';
COMMENT ON COLUMN inventory.stock_levels.on_hand      IS 'Pieces in the building.';
COMMENT ON COLUMN inventory.stock_levels.reserved     IS 'Pieces promised to orders that have not left.';
COMMENT ON COLUMN inventory.stock_levels.available    IS 'Pieces that can still be sold; computed on reading.';
COMMENT ON COLUMN inventory.stock_levels.counted_at   IS 'When somebody last counted them by hand.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE inventory.stock_movements (
    movement_id     bigint                     GENERATED ALWAYS AS IDENTITY,
    warehouse_id    smallint                   NOT NULL,
    variant_id      bigint                     NOT NULL,
    quantity        integer                    NOT NULL,
    reason          inventory.movement_reason  NOT NULL,
    reference       jsonb,
    moved_at        timestamptz                NOT NULL DEFAULT now(),

    CONSTRAINT stock_movements_pkey             PRIMARY KEY (movement_id),
    CONSTRAINT stock_movements_stock_level_fkey FOREIGN KEY (warehouse_id, variant_id)
                                                REFERENCES inventory.stock_levels ON DELETE RESTRICT,
    CONSTRAINT stock_movements_not_nothing      CHECK (quantity <> 0)
);

CREATE INDEX stock_movements_stock_level_idx ON inventory.stock_movements (warehouse_id, variant_id, moved_at DESC);
CREATE INDEX stock_movements_moved_at_idx    ON inventory.stock_movements USING brin (moved_at) WITH (pages_per_range = 64);

COMMENT ON TABLE  inventory.stock_movements              IS 'The ledger behind stock_levels: on_hand is the sum of the quantities. Never updated.';
COMMENT ON COLUMN inventory.stock_movements.movement_id  IS 'Internal key.';
COMMENT ON COLUMN inventory.stock_movements.warehouse_id IS 'Where.';
COMMENT ON COLUMN inventory.stock_movements.variant_id   IS 'What.';
COMMENT ON COLUMN inventory.stock_movements.quantity     IS 'Positive into the warehouse, negative out of it.';
COMMENT ON COLUMN inventory.stock_movements.reason       IS 'Why it moved.';
COMMENT ON COLUMN inventory.stock_movements.reference    IS 'The paper behind it: {"shipment": 81} or {"return": 7}.';
COMMENT ON COLUMN inventory.stock_movements.moved_at     IS 'When the scanner saw it.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE inventory.reservations (
    reservation_id  bigint                    GENERATED ALWAYS AS IDENTITY,
    order_id        bigint                    NOT NULL,
    warehouse_id    smallint                  NOT NULL,
    variant_id      bigint                    NOT NULL,
    quantity        integer                   NOT NULL,
    expires_at      timestamptz               NOT NULL,
    released_at     timestamptz,

    CONSTRAINT reservations_pkey              PRIMARY KEY (reservation_id),
    CONSTRAINT reservations_stock_level_fkey  FOREIGN KEY (warehouse_id, variant_id)
                                              REFERENCES inventory.stock_levels ON DELETE RESTRICT,
    CONSTRAINT reservations_quantity_positive CHECK (quantity > 0)
);

CREATE INDEX reservations_order_id_idx    ON inventory.reservations (order_id);
CREATE INDEX reservations_stock_level_idx ON inventory.reservations (warehouse_id, variant_id);
CREATE INDEX reservations_due_idx         ON inventory.reservations (expires_at) WHERE released_at IS NULL;

COMMENT ON TABLE  inventory.reservations                IS 'Pieces held for an order until they are picked or the hold runs out.';
COMMENT ON COLUMN inventory.reservations.reservation_id IS 'Internal key.';
COMMENT ON COLUMN inventory.reservations.order_id       IS 'For whom they are held.';
COMMENT ON COLUMN inventory.reservations.warehouse_id   IS 'Where they lie.';
COMMENT ON COLUMN inventory.reservations.variant_id     IS 'What is held.';
COMMENT ON COLUMN inventory.reservations.quantity       IS 'How many pieces.';
COMMENT ON COLUMN inventory.reservations.expires_at     IS 'An unpaid hold is released after this moment.';
COMMENT ON COLUMN inventory.reservations.released_at    IS 'When it was picked or given back; null while it holds.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE VIEW inventory.sellable_stock AS
SELECT level.variant_id,
       sum(level.available) AS available,
       count(*)             AS warehouses
FROM inventory.stock_levels AS level
JOIN inventory.warehouses AS house USING (warehouse_id)
WHERE house.closed_at IS NULL
GROUP BY level.variant_id;

COMMENT ON VIEW inventory.sellable_stock IS 'Pieces that can be sold, over all open warehouses.';


-- =====================================================================================================================
--  ordering: what was bought, packed, sent and sent back
-- =====================================================================================================================

CREATE TYPE ordering.order_status AS ENUM
    ('pending', 'paid', 'packing', 'shipped', 'delivered', 'returned', 'cancelled');

CREATE TYPE ordering.sales_channel AS ENUM
    ('web', 'app', 'phone', 'marketplace');

CREATE TYPE ordering.order_event_kind AS ENUM
    ('placed', 'status-changed', 'note-added', 'address-changed', 'mail-sent');

CREATE TYPE ordering.shipment_status AS ENUM ('packing', 'handed-over', 'in-transit', 'delivered', 'lost');
CREATE TYPE ordering.return_reason   AS ENUM ('changed-mind', 'wrong-size', 'damaged', 'not-as-described', 'late');
CREATE TYPE ordering.coupon_kind     AS ENUM ('percent', 'amount', 'free-shipping');

CREATE TYPE ordering.postal_address AS (
    recipient       text,
    street          text,
    postcode        text,
    city            text,
    country         public.country_code
);

CREATE SEQUENCE ordering.order_number_seq AS bigint START WITH 1000001 CACHE 20;

COMMENT ON TYPE     ordering.order_status     IS 'Moves forward only; cancelled can follow pending, paid and packing.';
COMMENT ON TYPE     ordering.postal_address   IS 'An address as it was at the time of the order: a copy, not a key.';
COMMENT ON SEQUENCE ordering.order_number_seq IS 'Feeds order_number. Gaps are normal and mean nothing.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE ordering.carts (
    cart_id         uuid                      DEFAULT uuidv7(),
    customer_id     bigint,
    currency        public.currency_code      NOT NULL,
    created_at      timestamptz               NOT NULL DEFAULT now(),
    updated_at      timestamptz               NOT NULL DEFAULT now(),

    CONSTRAINT carts_pkey             PRIMARY KEY (cart_id),
    CONSTRAINT carts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES identity.customers ON DELETE CASCADE
);

CREATE INDEX carts_customer_id_idx ON ordering.carts (customer_id);
CREATE INDEX carts_guest_idx       ON ordering.carts (updated_at) WHERE customer_id IS NULL;

CREATE TRIGGER carts_touch BEFORE UPDATE ON ordering.carts
    FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

COMMENT ON TABLE  ordering.carts             IS 'What somebody is thinking of buying.';
COMMENT ON COLUMN ordering.carts.cart_id     IS 'Travels in a cookie, so it must not be guessable from its neighbours.';
COMMENT ON COLUMN ordering.carts.customer_id IS 'Null until the visitor signs in.';
COMMENT ON COLUMN ordering.carts.currency    IS 'Fixed by the first item.';
COMMENT ON COLUMN ordering.carts.created_at  IS 'When the first item went in.';
COMMENT ON COLUMN ordering.carts.updated_at  IS 'Guest carts are purged 30 days after this.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE ordering.cart_items (
    cart_id         uuid                      NOT NULL,
    variant_id      bigint                    NOT NULL,
    quantity        integer                   NOT NULL DEFAULT 1,
    added_at        timestamptz               NOT NULL DEFAULT now(),

    CONSTRAINT cart_items_pkey            PRIMARY KEY (cart_id, variant_id),
    CONSTRAINT cart_items_cart_id_fkey    FOREIGN KEY (cart_id)    REFERENCES ordering.carts     ON DELETE CASCADE,
    CONSTRAINT cart_items_variant_id_fkey FOREIGN KEY (variant_id) REFERENCES catalogue.variants ON DELETE CASCADE,
    CONSTRAINT cart_items_quantity_sane   CHECK (quantity BETWEEN 1 AND 99)
);

CREATE INDEX cart_items_variant_id_idx ON ordering.cart_items (variant_id);

COMMENT ON TABLE  ordering.cart_items            IS 'A variant in a cart. Prices are looked up, not stored, until the order is placed.';
COMMENT ON COLUMN ordering.cart_items.cart_id    IS 'The cart.';
COMMENT ON COLUMN ordering.cart_items.variant_id IS 'The variant; putting it in twice raises quantity.';
COMMENT ON COLUMN ordering.cart_items.quantity   IS 'How many pieces.';
COMMENT ON COLUMN ordering.cart_items.added_at   IS 'When it first went in.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE ordering.orders (
    order_id        bigint                    GENERATED ALWAYS AS IDENTITY,
    order_number    text                      NOT NULL
                                              DEFAULT 'S' || lpad(nextval('ordering.order_number_seq')::text, 12, '0'),
    customer_id     bigint                    NOT NULL,
    cart_id         uuid,
    status          ordering.order_status     NOT NULL DEFAULT 'pending',
    channel         ordering.sales_channel    NOT NULL DEFAULT 'web',
    currency        public.currency_code      NOT NULL,
    items_total     numeric(12, 2)            NOT NULL,
    shipping_fee    numeric(12, 2)            NOT NULL DEFAULT 0,
    discount_total  numeric(12, 2)            NOT NULL DEFAULT 0,
    grand_total     numeric(12, 2)            GENERATED ALWAYS AS (items_total + shipping_fee - discount_total) STORED,
    ship_to         ordering.postal_address   NOT NULL,
    bill_to         ordering.postal_address   NOT NULL,
    attributes      jsonb                     NOT NULL DEFAULT '{}',
    placed_at       timestamptz               NOT NULL DEFAULT now(),
    updated_at      timestamptz               NOT NULL DEFAULT now(),

    CONSTRAINT orders_pkey             PRIMARY KEY (order_id),
    CONSTRAINT orders_order_number_key UNIQUE (order_number),
    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES identity.customers ON DELETE RESTRICT,
    CONSTRAINT orders_cart_id_fkey     FOREIGN KEY (cart_id)     REFERENCES ordering.carts     ON DELETE SET NULL,
    CONSTRAINT orders_totals_sane      CHECK (items_total >= 0 AND shipping_fee >= 0
                                              AND discount_total BETWEEN 0 AND items_total + shipping_fee)
);

ALTER SEQUENCE ordering.order_number_seq OWNED BY ordering.orders.order_number;

CREATE INDEX orders_customer_id_idx      ON ordering.orders (customer_id);
CREATE INDEX orders_customer_history_idx ON ordering.orders (customer_id, placed_at DESC, order_id DESC)
                                            INCLUDE (order_number, status, grand_total);
CREATE INDEX orders_cart_id_idx          ON ordering.orders (cart_id);
CREATE INDEX orders_open_idx             ON ordering.orders (placed_at) WHERE status IN ('pending', 'paid', 'packing');
CREATE INDEX orders_placed_at_idx        ON ordering.orders USING brin (placed_at);
CREATE INDEX orders_campaign_idx         ON ordering.orders ((attributes ->> 'campaign'), placed_at)
                                            WHERE attributes ? 'campaign';

CREATE STATISTICS ordering.orders_status_channel (dependencies, mcv) ON status, channel FROM ordering.orders;

CREATE TRIGGER orders_touch BEFORE UPDATE ON ordering.orders
    FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

COMMENT ON TABLE  ordering.orders                IS 'A promise between a customer and the shop. Everything after the checkout points here.';
COMMENT ON COLUMN ordering.orders.order_id       IS 'Known to payments and inventory; never shown to customers.';
COMMENT ON COLUMN ordering.orders.order_number   IS 'What customers read out on the phone: S and twelve digits.';
COMMENT ON COLUMN ordering.orders.customer_id    IS 'Who ordered.';
COMMENT ON COLUMN ordering.orders.cart_id        IS 'The cart it came from; null once that is purged.';
COMMENT ON COLUMN ordering.orders.status         IS 'Where the order stands as a whole.';
COMMENT ON COLUMN ordering.orders.channel        IS 'Through which door the order came in.';
COMMENT ON COLUMN ordering.orders.currency       IS 'Of every amount in this order.';
COMMENT ON COLUMN ordering.orders.items_total    IS 'Sum of the lines, with tax.';
COMMENT ON COLUMN ordering.orders.shipping_fee   IS 'What the customer pays for delivery.';
COMMENT ON COLUMN ordering.orders.discount_total IS 'Sum of the coupons, as a positive amount.';
COMMENT ON COLUMN ordering.orders.grand_total    IS 'What the customer owes.';
COMMENT ON COLUMN ordering.orders.ship_to        IS 'Where the parcels go, as it was at the checkout.';
COMMENT ON COLUMN ordering.orders.bill_to        IS 'What stands on the invoice.';
COMMENT ON COLUMN ordering.orders.attributes     IS 'Campaign, gift wrap, marketplace reference.';
COMMENT ON COLUMN ordering.orders.placed_at      IS 'When the customer pressed the button.';
COMMENT ON COLUMN ordering.orders.updated_at     IS 'When any column last changed; kept by trigger.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE ordering.order_lines (
    order_id        bigint                    NOT NULL,
    line_no         smallint                  NOT NULL,
    variant_id      bigint                    NOT NULL,
    title           text                      NOT NULL,
    quantity        integer                   NOT NULL,
    unit_price      numeric(12, 2)            NOT NULL,
    tax_rate        numeric(5, 4)             NOT NULL,
    line_total      numeric(12, 2)            GENERATED ALWAYS AS (quantity * unit_price) STORED,

    CONSTRAINT order_lines_pkey            PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_lines_order_id_fkey   FOREIGN KEY (order_id)   REFERENCES ordering.orders    ON DELETE CASCADE,
    CONSTRAINT order_lines_variant_id_fkey FOREIGN KEY (variant_id) REFERENCES catalogue.variants ON DELETE RESTRICT,
    CONSTRAINT order_lines_sane            CHECK (line_no > 0 AND quantity > 0 AND unit_price >= 0 AND tax_rate BETWEEN 0 AND 1)
);

CREATE INDEX order_lines_variant_id_idx ON ordering.order_lines (variant_id);

COMMENT ON TABLE  ordering.order_lines            IS 'One variant in an order, at the price and under the title it had at that moment.';
COMMENT ON COLUMN ordering.order_lines.order_id   IS 'The order.';
COMMENT ON COLUMN ordering.order_lines.line_no    IS '1, 2, 3 ... as printed on the packing slip.';
COMMENT ON COLUMN ordering.order_lines.variant_id IS 'What was bought.';
COMMENT ON COLUMN ordering.order_lines.title      IS 'Copy of the product title: the invoice must not change later.';
COMMENT ON COLUMN ordering.order_lines.quantity   IS 'How many pieces.';
COMMENT ON COLUMN ordering.order_lines.unit_price IS 'With tax, for one piece.';
COMMENT ON COLUMN ordering.order_lines.tax_rate   IS 'Share of the net price: 0.2100 is 21 %.';
COMMENT ON COLUMN ordering.order_lines.line_total IS 'With tax, for the whole line.';

-- ---------------------------------------------------------------------------------------------------------------------
--  One partition a month. November carries the sales week and is split once more, so that vacuum can work in parallel.
CREATE TABLE ordering.order_events (
    order_id        bigint                     NOT NULL,
    occurred_at     timestamptz                NOT NULL DEFAULT now(),
    event_id        bigint                     GENERATED ALWAYS AS IDENTITY,
    kind            ordering.order_event_kind  NOT NULL,
    actor           text                       NOT NULL DEFAULT 'system',
    payload         jsonb                      NOT NULL DEFAULT '{}',

    CONSTRAINT order_events_pkey          PRIMARY KEY (order_id, occurred_at, event_id),
    CONSTRAINT order_events_order_id_fkey FOREIGN KEY (order_id) REFERENCES ordering.orders ON DELETE CASCADE
) PARTITION BY RANGE (occurred_at);

CREATE TABLE ordering.order_events_2026_09 PARTITION OF ordering.order_events
    FOR VALUES FROM ('2026-09-01 00:00:00+00') TO ('2026-10-01 00:00:00+00');

CREATE TABLE ordering.order_events_2026_10 PARTITION OF ordering.order_events
    FOR VALUES FROM ('2026-10-01 00:00:00+00') TO ('2026-11-01 00:00:00+00');

CREATE TABLE ordering.order_events_2026_11 PARTITION OF ordering.order_events
    FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00')
    PARTITION BY HASH (order_id);

CREATE TABLE ordering.order_events_2026_11_h0 PARTITION OF ordering.order_events_2026_11
    FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE ordering.order_events_2026_11_h1 PARTITION OF ordering.order_events_2026_11
    FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE ordering.order_events_2026_11_h2 PARTITION OF ordering.order_events_2026_11
    FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE ordering.order_events_2026_11_h3 PARTITION OF ordering.order_events_2026_11
    FOR VALUES WITH (MODULUS 4, REMAINDER 3);

CREATE TABLE ordering.order_events_2026_12 PARTITION OF ordering.order_events
    FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');

CREATE TABLE ordering.order_events_rest PARTITION OF ordering.order_events DEFAULT;

CREATE INDEX order_events_kind_idx ON ordering.order_events (kind, occurred_at);

COMMENT ON TABLE  ordering.order_events             IS 'What happened to an order, in the order it happened. Only ever appended to.';
COMMENT ON COLUMN ordering.order_events.order_id    IS 'The order.';
COMMENT ON COLUMN ordering.order_events.occurred_at IS 'Decides the partition.';
COMMENT ON COLUMN ordering.order_events.event_id    IS 'Tells apart what happened in the same microsecond.';
COMMENT ON COLUMN ordering.order_events.kind        IS 'What happened.';
COMMENT ON COLUMN ordering.order_events.actor       IS 'Name of the service, or of the support desk''s queue.';
COMMENT ON COLUMN ordering.order_events.payload     IS 'Details; the shape depends on kind.';

COMMENT ON TABLE ordering.order_events_2026_09    IS 'Events of September 2026.';
COMMENT ON TABLE ordering.order_events_2026_10    IS 'Events of October 2026.';
COMMENT ON TABLE ordering.order_events_2026_11    IS 'Events of November 2026, split by order.';
COMMENT ON TABLE ordering.order_events_2026_11_h0 IS 'Events of November 2026, first quarter of the orders.';
COMMENT ON TABLE ordering.order_events_2026_11_h1 IS 'Events of November 2026, second quarter of the orders.';
COMMENT ON TABLE ordering.order_events_2026_11_h2 IS 'Events of November 2026, third quarter of the orders.';
COMMENT ON TABLE ordering.order_events_2026_11_h3 IS 'Events of November 2026, last quarter of the orders.';
COMMENT ON TABLE ordering.order_events_2026_12    IS 'Events of December 2026.';
COMMENT ON TABLE ordering.order_events_rest       IS 'Events outside the months above; an alert goes off when it is not empty.';

CREATE FUNCTION ordering.record_status_change() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO ordering.order_events (order_id, kind, payload)
    VALUES (NEW.order_id, 'status-changed', jsonb_build_object('from', OLD.status, 'to', NEW.status));
    RETURN NULL;
END
$$;

CREATE TRIGGER orders_record_status AFTER UPDATE OF status ON ordering.orders
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION ordering.record_status_change();

COMMENT ON FUNCTION ordering.record_status_change() IS 'Row trigger: writes each change of an order''s status to order_events.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE ordering.coupons (
    coupon_id       integer                   GENERATED ALWAYS AS IDENTITY,
    code            text                      NOT NULL,
    market          public.country_code,
    kind            ordering.coupon_kind      NOT NULL,
    value           numeric(12, 2)            NOT NULL,
    valid           daterange                 NOT NULL,
    max_uses        integer,

    CONSTRAINT coupons_pkey            PRIMARY KEY (coupon_id),
    CONSTRAINT coupons_code_market_key UNIQUE (code, market),
    CONSTRAINT coupons_value_sane      CHECK (value >= 0 AND (kind <> 'percent' OR value <= 100)),
    CONSTRAINT coupons_code_upper      CHECK (code = upper(code))
);

COMMENT ON TABLE  ordering.coupons           IS 'A reason to pay less.';
COMMENT ON COLUMN ordering.coupons.coupon_id IS 'Internal key.';
COMMENT ON COLUMN ordering.coupons.code      IS 'What the customer types, in capitals.';
COMMENT ON COLUMN ordering.coupons.market    IS 'Where it works; null means everywhere.';
COMMENT ON COLUMN ordering.coupons.kind      IS 'How value is meant.';
COMMENT ON COLUMN ordering.coupons.value     IS 'Percent, or an amount in the currency of the order.';
COMMENT ON COLUMN ordering.coupons.valid     IS 'Days on which it is accepted.';
COMMENT ON COLUMN ordering.coupons.max_uses  IS 'Null means as often as people like.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE ordering.order_coupons (
    order_id        bigint                    NOT NULL,
    coupon_id       integer                   NOT NULL,
    amount          numeric(12, 2)            NOT NULL,

    CONSTRAINT order_coupons_pkey            PRIMARY KEY (order_id, coupon_id),
    CONSTRAINT order_coupons_order_id_fkey   FOREIGN KEY (order_id)  REFERENCES ordering.orders  ON DELETE CASCADE,
    CONSTRAINT order_coupons_coupon_id_fkey  FOREIGN KEY (coupon_id) REFERENCES ordering.coupons ON DELETE RESTRICT,
    CONSTRAINT order_coupons_amount_positive CHECK (amount >= 0)
);

CREATE INDEX order_coupons_coupon_id_idx ON ordering.order_coupons (coupon_id);

COMMENT ON TABLE  ordering.order_coupons           IS 'Which coupons an order used, and what each was worth: many to many.';
COMMENT ON COLUMN ordering.order_coupons.order_id  IS 'The order.';
COMMENT ON COLUMN ordering.order_coupons.coupon_id IS 'The coupon.';
COMMENT ON COLUMN ordering.order_coupons.amount    IS 'What it took off, in the currency of the order.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE ordering.shipments (
    shipment_id     bigint                    GENERATED ALWAYS AS IDENTITY,
    order_id        bigint                    NOT NULL,
    warehouse_id    smallint                  NOT NULL,
    carrier         text                      NOT NULL,
    tracking_code   text,
    status          ordering.shipment_status  NOT NULL DEFAULT 'packing',
    recipient_name  text                      NOT NULL,
    recipient_phone text,
    shipped_at      timestamptz,
    delivered_at    timestamptz,

    CONSTRAINT shipments_pkey              PRIMARY KEY (shipment_id),
    CONSTRAINT shipments_order_id_fkey     FOREIGN KEY (order_id)     REFERENCES ordering.orders      ON DELETE RESTRICT,
    CONSTRAINT shipments_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES inventory.warehouses ON DELETE RESTRICT
);

CREATE INDEX shipments_order_id_idx        ON ordering.shipments (order_id);
CREATE INDEX shipments_warehouse_id_idx    ON ordering.shipments (warehouse_id, shipped_at);
CREATE UNIQUE INDEX shipments_tracking_key ON ordering.shipments (carrier, tracking_code)
                                              WHERE tracking_code IS NOT NULL;

COMMENT ON TABLE  ordering.shipments                 IS 'A parcel. An order may need several.';
COMMENT ON COLUMN ordering.shipments.shipment_id     IS 'Printed on the packing slip.';
COMMENT ON COLUMN ordering.shipments.order_id        IS 'The order it fulfils, in whole or in part.';
COMMENT ON COLUMN ordering.shipments.warehouse_id    IS 'Where it was packed.';
COMMENT ON COLUMN ordering.shipments.carrier         IS 'Short name of the carrier; new ones come every year.';
COMMENT ON COLUMN ordering.shipments.tracking_code   IS 'Given by the carrier at hand-over.';
COMMENT ON COLUMN ordering.shipments.status          IS 'As far as the carrier tells us.';
COMMENT ON COLUMN ordering.shipments.recipient_name  IS 'Name on the label.';
COMMENT ON COLUMN ordering.shipments.recipient_phone IS 'For the driver.';
COMMENT ON COLUMN ordering.shipments.shipped_at      IS 'When the carrier scanned it at our door.';
COMMENT ON COLUMN ordering.shipments.delivered_at    IS 'When the carrier says it was handed over.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE ordering.shipment_lines (
    shipment_id     bigint                    NOT NULL,
    order_id        bigint                    NOT NULL,
    line_no         smallint                  NOT NULL,
    quantity        integer                   NOT NULL,

    CONSTRAINT shipment_lines_pkey              PRIMARY KEY (shipment_id, order_id, line_no),
    CONSTRAINT shipment_lines_shipment_id_fkey  FOREIGN KEY (shipment_id)       REFERENCES ordering.shipments   ON DELETE CASCADE,
    CONSTRAINT shipment_lines_order_line_fkey   FOREIGN KEY (order_id, line_no) REFERENCES ordering.order_lines ON DELETE RESTRICT,
    CONSTRAINT shipment_lines_quantity_positive CHECK (quantity > 0)
);

CREATE INDEX shipment_lines_order_line_idx ON ordering.shipment_lines (order_id, line_no);

COMMENT ON TABLE  ordering.shipment_lines             IS 'What is in the parcel: many to many between shipments and order lines.';
COMMENT ON COLUMN ordering.shipment_lines.shipment_id IS 'The parcel.';
COMMENT ON COLUMN ordering.shipment_lines.order_id    IS 'First half of the order line''s key.';
COMMENT ON COLUMN ordering.shipment_lines.line_no     IS 'Second half of the order line''s key.';
COMMENT ON COLUMN ordering.shipment_lines.quantity    IS 'Pieces of that line in this parcel.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE ordering.returns (
    return_id       bigint                    GENERATED ALWAYS AS IDENTITY,
    order_id        bigint                    NOT NULL,
    line_no         smallint                  NOT NULL,
    quantity        integer                   NOT NULL,
    reason          ordering.return_reason    NOT NULL,
    status          varchar(20)               NOT NULL DEFAULT 'requested',
    requested_at    timestamptz               NOT NULL DEFAULT now(),
    received_at     timestamptz,

    CONSTRAINT returns_pkey              PRIMARY KEY (return_id),
    CONSTRAINT returns_order_line_fkey   FOREIGN KEY (order_id, line_no) REFERENCES ordering.order_lines ON DELETE RESTRICT,
    CONSTRAINT returns_quantity_positive CHECK (quantity > 0)
);

CREATE INDEX returns_order_line_idx ON ordering.returns (order_id, line_no);
CREATE INDEX returns_awaited_idx    ON ordering.returns (requested_at) WHERE received_at IS NULL;

COMMENT ON TABLE  ordering.returns              IS 'Goods that a customer sends back.';
COMMENT ON COLUMN ordering.returns.return_id    IS 'Printed on the return label.';
COMMENT ON COLUMN ordering.returns.order_id     IS 'First half of the order line''s key.';
COMMENT ON COLUMN ordering.returns.line_no      IS 'Second half of the order line''s key.';
COMMENT ON COLUMN ordering.returns.quantity     IS 'Pieces that come back.';
COMMENT ON COLUMN ordering.returns.reason       IS 'What the customer ticked.';
COMMENT ON COLUMN ordering.returns.status       IS 'requested, received, accepted or refused.';
COMMENT ON COLUMN ordering.returns.requested_at IS 'When the customer asked for a label.';
COMMENT ON COLUMN ordering.returns.received_at  IS 'When the parcel was scanned in.';

-- ---------------------------------------------------------------------------------------------------------------------
ALTER TABLE inventory.reservations                  -- inventory comes first in this file, so its key to orders comes last
    ADD CONSTRAINT reservations_order_id_fkey
        FOREIGN KEY (order_id) REFERENCES ordering.orders ON DELETE CASCADE;

CREATE VIEW ordering.order_summaries
    WITH (security_invoker = true) AS
SELECT o.order_id, o.order_number, o.customer_id, o.status, o.placed_at, o.currency, o.grand_total,
       count(l.line_no)             AS lines,
       coalesce(sum(l.quantity), 0) AS pieces
FROM ordering.orders AS o
LEFT JOIN ordering.order_lines AS l USING (order_id)
GROUP BY o.order_id;

CREATE MATERIALIZED VIEW ordering.revenue_by_month AS
SELECT date_trunc('month', placed_at, 'UTC') AS month,
       currency,
       count(*)                              AS orders,
       sum(grand_total)                      AS revenue
FROM ordering.orders
WHERE status <> 'cancelled'
GROUP BY 1, 2;

CREATE UNIQUE INDEX revenue_by_month_key ON ordering.revenue_by_month (month, currency);

COMMENT ON VIEW              ordering.order_summaries  IS 'One row an order, with the number of lines and pieces. Row-level security of the reader applies.';
COMMENT ON MATERIALIZED VIEW ordering.revenue_by_month IS 'For the dashboard; refreshed concurrently every hour.';


-- =====================================================================================================================
--  payments: the money that moved
-- =====================================================================================================================

CREATE TYPE payments.gateway       AS ENUM ('adyen', 'stripe', 'paypal', 'bank');
CREATE TYPE payments.method_kind   AS ENUM ('card', 'wallet', 'direct-debit', 'invoice');
CREATE TYPE payments.charge_status AS ENUM ('created', 'authorised', 'captured', 'failed', 'voided');
CREATE TYPE payments.outcome       AS ENUM ('approved', 'declined', 'error', 'timed-out');

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE payments.payment_methods (
    payment_method_id  bigint                    GENERATED ALWAYS AS IDENTITY,
    customer_id        bigint                    NOT NULL,
    kind               payments.method_kind      NOT NULL,
    holder_name        text                      NOT NULL,
    fingerprint        text                      NOT NULL,
    card_last4         text,
    expires_on         date,
    removed_at         timestamptz,

    CONSTRAINT payment_methods_pkey             PRIMARY KEY (payment_method_id),
    CONSTRAINT payment_methods_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES identity.customers ON DELETE CASCADE,
    CONSTRAINT payment_methods_last4_digits     CHECK (card_last4 ~ '^[0-9]{4}$'),
    CONSTRAINT payment_methods_card_is_whole    CHECK (kind <> 'card' OR num_nulls(card_last4, expires_on) = 0)
);

CREATE UNIQUE INDEX payment_methods_live_key ON payments.payment_methods (customer_id, fingerprint)
                                                WHERE removed_at IS NULL;
CREATE INDEX payment_methods_customer_id_idx ON payments.payment_methods (customer_id);
CREATE INDEX payment_methods_fingerprint_idx ON payments.payment_methods (fingerprint);

COMMENT ON TABLE  payments.payment_methods                   IS 'A way to pay that a customer has stored with us. The secret itself stays with the gateway.';
COMMENT ON COLUMN payments.payment_methods.payment_method_id IS 'Internal key.';
COMMENT ON COLUMN payments.payment_methods.customer_id       IS 'Whose method.';
COMMENT ON COLUMN payments.payment_methods.kind              IS 'Decides which fields are filled.';
COMMENT ON COLUMN payments.payment_methods.holder_name       IS 'Name on the card or account.';
COMMENT ON COLUMN payments.payment_methods.fingerprint       IS 'The gateway''s hash of the number: equal for equal cards.';
COMMENT ON COLUMN payments.payment_methods.card_last4        IS 'What the customer recognises the card by.';
COMMENT ON COLUMN payments.payment_methods.expires_on        IS 'Last day on which the card is good.';
COMMENT ON COLUMN payments.payment_methods.removed_at        IS 'When the customer took it away.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE payments.charges (
    charge_id          bigint                    GENERATED ALWAYS AS IDENTITY,
    order_id           bigint                    NOT NULL,
    payment_method_id  bigint,
    gateway            payments.gateway          NOT NULL,
    gateway_ref        text                      NOT NULL,
    status             payments.charge_status    NOT NULL DEFAULT 'created',
    currency           public.currency_code      NOT NULL,
    amount             numeric(12, 2)            NOT NULL,
    risk_score         smallint,
    gateway_response   jsonb,
    created_at         timestamptz               NOT NULL DEFAULT now(),
    captured_at        timestamptz,

    CONSTRAINT charges_pkey                   PRIMARY KEY (charge_id),
    CONSTRAINT charges_gateway_ref_key        UNIQUE (gateway, gateway_ref),
    CONSTRAINT charges_order_id_fkey          FOREIGN KEY (order_id) REFERENCES ordering.orders ON DELETE RESTRICT,
    CONSTRAINT charges_payment_method_id_fkey FOREIGN KEY (payment_method_id)
                                              REFERENCES payments.payment_methods ON DELETE SET NULL,
    CONSTRAINT charges_amount_positive        CHECK (amount > 0),
    CONSTRAINT charges_risk_score_percent     CHECK (risk_score BETWEEN 0 AND 100),
    CONSTRAINT charges_captured_has_a_time    CHECK (status <> 'captured' OR captured_at IS NOT NULL)
);

CREATE INDEX charges_order_id_idx          ON payments.charges (order_id);
CREATE INDEX charges_payment_method_id_idx ON payments.charges (payment_method_id);
CREATE INDEX charges_to_capture_idx        ON payments.charges (created_at) WHERE status = 'authorised';

COMMENT ON TABLE  payments.charges                   IS 'Money we ask for. An order may need several: a part by voucher, a second card.';
COMMENT ON COLUMN payments.charges.charge_id         IS 'Internal key.';
COMMENT ON COLUMN payments.charges.order_id          IS 'What is paid for.';
COMMENT ON COLUMN payments.charges.payment_method_id IS 'Null when the method was not stored, or is gone.';
COMMENT ON COLUMN payments.charges.gateway           IS 'Who moves the money.';
COMMENT ON COLUMN payments.charges.gateway_ref       IS 'Their key for it, for reconciliation.';
COMMENT ON COLUMN payments.charges.status            IS 'authorised: promised; captured: ours.';
COMMENT ON COLUMN payments.charges.currency          IS 'Currency of amount.';
COMMENT ON COLUMN payments.charges.amount            IS 'What we ask for.';
COMMENT ON COLUMN payments.charges.risk_score        IS '0 harmless to 100 surely stolen; null until the model has run.';
COMMENT ON COLUMN payments.charges.gateway_response  IS 'The gateway''s last word, unchanged.';
COMMENT ON COLUMN payments.charges.created_at        IS 'When we asked.';
COMMENT ON COLUMN payments.charges.captured_at       IS 'When the money became ours.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE payments.charge_attempts (
    attempt_id      bigint                    GENERATED ALWAYS AS IDENTITY,
    charge_id       bigint                    NOT NULL,
    attempt_no      smallint                  NOT NULL,
    outcome         payments.outcome          NOT NULL,
    decline_code    text,
    fingerprint     text                      NOT NULL,
    ip_address      inet,
    attempted_at    timestamptz               NOT NULL DEFAULT now(),

    CONSTRAINT charge_attempts_pkey           PRIMARY KEY (attempt_id),
    CONSTRAINT charge_attempts_number_key     UNIQUE (charge_id, attempt_no),
    CONSTRAINT charge_attempts_charge_id_fkey FOREIGN KEY (charge_id) REFERENCES payments.charges ON DELETE CASCADE,
    CONSTRAINT charge_attempts_declined_why   CHECK (outcome <> 'declined' OR decline_code IS NOT NULL)
);

CREATE INDEX charge_attempts_declined_idx ON payments.charge_attempts (ip_address, attempted_at) INCLUDE (fingerprint)
                                             WHERE outcome = 'declined';

COMMENT ON TABLE  payments.charge_attempts              IS 'Each knock at the gateway''s door for one charge.';
COMMENT ON COLUMN payments.charge_attempts.attempt_id   IS 'Internal key.';
COMMENT ON COLUMN payments.charge_attempts.charge_id    IS 'The charge that was tried.';
COMMENT ON COLUMN payments.charge_attempts.attempt_no   IS '1, 2, 3 ... for one charge.';
COMMENT ON COLUMN payments.charge_attempts.outcome      IS 'What the gateway said.';
COMMENT ON COLUMN payments.charge_attempts.decline_code IS 'Why the bank refused, in its own words; new codes turn up.';
COMMENT ON COLUMN payments.charge_attempts.fingerprint  IS 'The card that was tried, stored or not.';
COMMENT ON COLUMN payments.charge_attempts.ip_address   IS 'Where the customer was; null for charges that we start.';
COMMENT ON COLUMN payments.charge_attempts.attempted_at IS 'When we knocked.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE payments.refunds (
    refund_id       bigint                    GENERATED ALWAYS AS IDENTITY,
    charge_id       bigint                    NOT NULL,
    order_id        bigint,
    line_no         smallint,
    amount          numeric(12, 2)            NOT NULL,
    reason          text                      NOT NULL,
    refunded_at     timestamptz               NOT NULL DEFAULT now(),

    CONSTRAINT refunds_pkey            PRIMARY KEY (refund_id),
    CONSTRAINT refunds_charge_id_fkey  FOREIGN KEY (charge_id) REFERENCES payments.charges ON DELETE RESTRICT,
    CONSTRAINT refunds_order_line_fkey FOREIGN KEY (order_id, line_no)
                                       REFERENCES ordering.order_lines MATCH FULL ON DELETE RESTRICT,
    CONSTRAINT refunds_amount_positive CHECK (amount > 0)
);

CREATE INDEX refunds_charge_id_idx  ON payments.refunds (charge_id);
CREATE INDEX refunds_order_line_idx ON payments.refunds (order_id, line_no);

COMMENT ON TABLE  payments.refunds             IS 'Money given back, for one order line or for the charge as a whole.';
COMMENT ON COLUMN payments.refunds.refund_id   IS 'Internal key.';
COMMENT ON COLUMN payments.refunds.charge_id   IS 'The charge that is undone, in whole or in part.';
COMMENT ON COLUMN payments.refunds.order_id    IS 'With line_no: the line that is refunded. Both or neither.';
COMMENT ON COLUMN payments.refunds.line_no     IS 'With order_id: the line that is refunded. Both or neither.';
COMMENT ON COLUMN payments.refunds.amount      IS 'In the currency of the charge.';
COMMENT ON COLUMN payments.refunds.reason      IS 'In the words of the support desk.';
COMMENT ON COLUMN payments.refunds.refunded_at IS 'When the gateway confirmed it.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE payments.invoices (
    invoice_id      bigint                    GENERATED ALWAYS AS IDENTITY,
    invoice_number  text                      NOT NULL,
    order_id        bigint                    NOT NULL,
    currency        public.currency_code      NOT NULL,
    net             numeric(12, 2)            NOT NULL,
    tax             numeric(12, 2)            NOT NULL,
    total           double precision          NOT NULL,
    issued_on       date                      NOT NULL DEFAULT current_date,
    document_key    text,

    CONSTRAINT invoices_pkey               PRIMARY KEY (invoice_id),
    CONSTRAINT invoices_invoice_number_key UNIQUE (invoice_number),
    CONSTRAINT invoices_order_id_fkey      FOREIGN KEY (order_id) REFERENCES ordering.orders ON DELETE RESTRICT,
    CONSTRAINT invoices_not_negative       CHECK (net >= 0 AND tax >= 0 AND total >= 0)
);

CREATE INDEX invoices_order_id_idx  ON payments.invoices (order_id);
CREATE INDEX invoices_issued_on_idx ON payments.invoices (issued_on);

COMMENT ON TABLE  payments.invoices                IS 'The paper for the tax office. Never changed, only credited.';
COMMENT ON COLUMN payments.invoices.invoice_id     IS 'Internal key.';
COMMENT ON COLUMN payments.invoices.invoice_number IS 'Without gaps within a year, as the law wants it.';
COMMENT ON COLUMN payments.invoices.order_id       IS 'What is invoiced.';
COMMENT ON COLUMN payments.invoices.currency       IS 'Of all three amounts.';
COMMENT ON COLUMN payments.invoices.net            IS 'Without tax.';
COMMENT ON COLUMN payments.invoices.tax            IS 'Sum over all rates.';
COMMENT ON COLUMN payments.invoices.total          IS 'With tax.';
COMMENT ON COLUMN payments.invoices.issued_on      IS 'Date on the paper.';
COMMENT ON COLUMN payments.invoices.document_key   IS 'Key of the PDF in the object store; null until it is printed.';


-- =====================================================================================================================
--  loyalty: what customers earn by coming back
-- =====================================================================================================================

CREATE TYPE loyalty.movement_kind AS ENUM ('earned', 'spent', 'expired', 'corrected');

COMMENT ON TYPE loyalty.movement_kind IS 'earned and corrected may be positive; spent and expired never are.';

-- ---------------------------------------------------------------------------------------------------------------------
CREATE TABLE loyalty.point_movements (
    movement_id     bigint                    GENERATED ALWAYS AS IDENTITY,
    customer_id     bigint                    NOT NULL,
    order_id        bigint,
    kind            loyalty.movement_kind     NOT NULL,
    points          integer                   NOT NULL,
    moved_at        timestamptz               NOT NULL DEFAULT now(),

    CONSTRAINT point_movements_pkey             PRIMARY KEY (movement_id),
    CONSTRAINT point_movements_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES identity.customers ON DELETE RESTRICT,
    CONSTRAINT point_movements_order_id_fkey    FOREIGN KEY (order_id)    REFERENCES ordering.orders    ON DELETE RESTRICT,
    CONSTRAINT point_movements_not_nothing      CHECK (points <> 0)
);

CREATE INDEX point_movements_customer_id_idx ON loyalty.point_movements (customer_id, moved_at DESC);
CREATE INDEX point_movements_order_id_idx    ON loyalty.point_movements (order_id);

COMMENT ON TABLE  loyalty.point_movements             IS 'The ledger of points: a customer''s balance is the sum of theirs. Never updated.';
COMMENT ON COLUMN loyalty.point_movements.movement_id IS 'Internal key.';
COMMENT ON COLUMN loyalty.point_movements.customer_id IS 'Whose points.';
COMMENT ON COLUMN loyalty.point_movements.order_id    IS 'What they were earned with or spent on; null for the rest.';
COMMENT ON COLUMN loyalty.point_movements.kind        IS 'Why they moved.';
COMMENT ON COLUMN loyalty.point_movements.points      IS 'Positive when they come, negative when they go.';


-- =====================================================================================================================
--  Row-level security: customers see their own rows, the back office sees all but stored cards
--  The connection pool sets shop.customer_id or shop.desk at check-out of a connection.
-- =====================================================================================================================

ALTER TABLE identity.customers       ENABLE ROW LEVEL SECURITY;
ALTER TABLE ordering.orders          ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payment_methods ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payment_methods FORCE ROW LEVEL SECURITY;

CREATE POLICY customers_self ON identity.customers
    USING (customer_id = nullif(current_setting('shop.customer_id', true), '')::bigint);

CREATE POLICY customers_desk ON identity.customers
    USING (current_setting('shop.desk', true) = 'back-office');

CREATE POLICY orders_own ON ordering.orders
    FOR SELECT
    USING (customer_id = nullif(current_setting('shop.customer_id', true), '')::bigint);

CREATE POLICY orders_place ON ordering.orders
    FOR INSERT
    WITH CHECK (customer_id = nullif(current_setting('shop.customer_id', true), '')::bigint AND status = 'pending');

CREATE POLICY orders_desk ON ordering.orders
    USING (current_setting('shop.desk', true) = 'back-office');

CREATE POLICY payment_methods_own ON payments.payment_methods
    USING (customer_id = nullif(current_setting('shop.customer_id', true), '')::bigint)
    WITH CHECK (customer_id = nullif(current_setting('shop.customer_id', true), '')::bigint);

CREATE POLICY payment_methods_keep ON payments.payment_methods
    AS RESTRICTIVE FOR DELETE
    USING (removed_at < now() - interval '90 days');

COMMENT ON POLICY customers_self       ON identity.customers       IS 'Customers see and edit their own record only.';
COMMENT ON POLICY customers_desk       ON identity.customers       IS 'The back office sees everybody.';
COMMENT ON POLICY orders_own           ON ordering.orders          IS 'Customers read their own orders only.';
COMMENT ON POLICY orders_place         ON ordering.orders          IS 'Customers place orders in their own name only, and unpaid ones only.';
COMMENT ON POLICY orders_desk          ON ordering.orders          IS 'The back office works on all orders.';
COMMENT ON POLICY payment_methods_own  ON payments.payment_methods IS 'Not even the back office sees stored cards.';
COMMENT ON POLICY payment_methods_keep ON payments.payment_methods IS 'A method is wiped only 90 days after the customer removed it.';
