# ruff: noqa: E501  (an expression a line)
"""Expressions and queries of every kind, and the schema that they stand in."""

from __future__ import annotations

SCHEMA = """
CREATE SCHEMA shop;
CREATE TYPE shop.status AS ENUM ('new', 'paid', 'shipped');
CREATE DOMAIN shop.amount AS numeric(12,2) CHECK (VALUE >= 0);
CREATE DOMAIN shop.email AS text;
CREATE TYPE shop.address AS (street text, zip varchar(10));
CREATE SEQUENCE shop.item_seq;
CREATE FUNCTION shop.tenant() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT NULL::uuid $$;
CREATE FUNCTION shop.clean(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT value $$;
CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE shop.items (
    id bigint PRIMARY KEY,
    parent_id bigint,
    qty integer,
    small smallint,
    price numeric(10,2),
    ratio numeric,
    weight double precision,
    mass real,
    name varchar(40),
    label varchar,
    note text,
    code char(3),
    flag "char",
    active boolean,
    status shop.status,
    amount shop.amount,
    mail shop.email,
    day date,
    at timestamp,
    made timestamptz,
    clock time,
    clocktz timetz,
    span interval,
    ref uuid,
    data jsonb,
    raw json,
    tags text[],
    words varchar(20)[],
    numbers integer[],
    grid integer[][],
    states shop.status[],
    during tstzrange,
    days daterange,
    ints int4range,
    multi datemultirange,
    ip inet,
    net cidr,
    mac macaddr,
    bytes bytea,
    bits bit(8),
    varbits bit varying(16),
    vector tsvector,
    search tsquery,
    place point,
    shape polygon,
    cash money,
    doc xml,
    who name,
    address shop.address,
    "Mixed Case" integer,
    "order" integer,
    tenant uuid
);
CREATE TABLE shop.orders (
    id bigint PRIMARY KEY, customer_id bigint NOT NULL, status shop.status NOT NULL DEFAULT 'new',
    total numeric(12,2) NOT NULL, placed_at timestamptz NOT NULL DEFAULT now(), note text, tenant uuid
);
CREATE TABLE shop.customers (
    id bigint PRIMARY KEY, name varchar(80) NOT NULL, email text, created date, active boolean, manager_id bigint
);
CREATE TABLE shop.lines (
    order_id bigint NOT NULL, no integer NOT NULL, item_id bigint, qty integer, price numeric(10,2), PRIMARY KEY (order_id, no)
);
"""

CHECKS = (
    """
price > 0
price >= 0 AND price <= 1000.50
price > 0.5
price BETWEEN 0 AND 100
price NOT BETWEEN 10 AND 20
price BETWEEN SYMMETRIC 10 AND qty
NOT (price BETWEEN 10 AND 20)
qty / 2 > 1
qty / 2.0 > 1
qty % 2 = 0
qty * price < 1000
qty + small > 5
small > 0
small = -1
qty <> -5
qty != 3
-qty < 5
- (-qty) < 5
+qty > 1
@ qty > 1
qty IS NULL OR qty > 0
qty IN (1, 2, 3)
qty IN (1)
qty NOT IN (1, 2)
qty NOT IN (4)
qty IN (1, small)
qty IN (1, 2, small, id)
qty NOT IN (1, 2, small)
qty = ANY (ARRAY[1, 2, 3])
qty = ANY ('{1,2,3}')
qty = ANY ('{1, 2, 3}'::int[])
qty <> ALL (ARRAY[1, 2])
qty > ALL (numbers)
qty = SOME (numbers)
small IN (1, 2)
id IN (1, 2)
id IN (1, 99999999999)
price IN (1, 2.5)
price IN (1, 2)
weight > 1.5
weight > 1
weight IN (1, 2.5)
mass > 0.1
mass = 1
weight > '1.5'
ratio > 1e-3
ratio < 1e10
id < 9223372036854775807
id > -9223372036854775808
name <> ''
name IN ('a', 'b')
name IN ('a')
name NOT IN ('a', 'b', 'c')
name = 'x'
name = 'x'::varchar
name = 'x'::text
name::text = 'x'
name LIKE 'a%'
name NOT LIKE 'a%'
name ILIKE '%b'
name NOT ILIKE '%b'
name LIKE 'a!%' ESCAPE '!'
name SIMILAR TO '(a|b)%'
name NOT SIMILAR TO 'x%' ESCAPE '!'
name ~ '^[a-z]+$'
name ~* '^x'
name !~ '\\d'
label > 'm'
label || 'x' <> 'yx'
name || note <> ''
note = name
note IN ('a', 'b')
note = ANY (ARRAY['a', 'b'])
note = ANY (tags)
name = ANY (words)
note = ANY ('{a,b}')
label IN ('it''s', 'a"b', 'c\\d')
code = 'abc'
code IN ('abc', 'def')
code <> ''
code::text = 'abc'
flag = 'x'
flag IN ('x', 'y')
active
NOT active
active = true
active IS TRUE
active IS NOT FALSE
active IS UNKNOWN
active <> 't'
active IN (true, false)
status = 'paid'
status IN ('new', 'paid')
status <> 'new'
status <> ALL (ARRAY['new', 'paid']::shop.status[])
status = ANY (ARRAY['new'::shop.status, 'paid'::shop.status])
status = 'paid'::shop.status
status::text = 'paid'
status::text IN ('paid', 'new')
status > 'new'
(status = 'paid') = (made IS NOT NULL)
status = 'paid' OR (made IS NULL AND at IS NULL)
amount > 0
amount + 1 > price
amount BETWEEN 1 AND 5
amount IN (1, 2)
mail = 'x@y'
mail LIKE '%@%'
mail ~ '^[^@]+@[^@]+$'
lower(mail) = mail
day > '2020-01-01'
day > DATE '2020-1-1'
day >= '2020-01-01'::date AND day < '20210101'
day + 1 > '2020-01-01'
day - day > 3
day + interval '1 day' > at
day BETWEEN '2020-01-01' AND '2020-12-31'
at > '2020-01-01'
at > '2020-01-01 10:00'
at >= TIMESTAMP '2020-01-01 10:00:00.500'
at < made
made > '2020-01-01 00:00:00+02'
made > '2020-01-01T00:00:00Z'
made >= TIMESTAMPTZ '2020-01-01 12:00+00'
made - at > '1 day'
made <= at + '1 day'::interval
made < at + INTERVAL '1 month 2 days'
made < at + INTERVAL '90' MINUTE
span > '1 day'
span < INTERVAL '24 hours'
span <> '1 year 2 mons'
span = interval '1 week'
span > interval '1.5 hours'
span > INTERVAL '1' YEAR
span > INTERVAL '1-2' YEAR TO MONTH
span * 2 > '1 hour'
clock > '09:00'
clock BETWEEN '9:00' AND TIME '17:00'
clocktz > '09:00+00'
extract(year FROM day) > 2000
extract(epoch FROM made) > 0
extract(dow FROM at) IN (1, 2, 3)
date_part('year', day) > 2000
date_trunc('month', at) = at
date_trunc('day', at) = '2020-01-01'
day = date_trunc('month', day)
made AT TIME ZONE 'UTC' > '2020-01-01'
(at AT TIME ZONE 'Europe/Paris') < made
made::date > '2020-01-01'
(made AT TIME ZONE 'UTC')::date = day
date(at) = day
CAST(at AS date) = day
at::time > '10:00'
to_char(day, 'YYYY') = '2020'
age(made, at) > '1 day'
make_interval(days => qty) < span
make_date(2020, 1, 1) < day
ref <> '00000000-0000-0000-0000-000000000000'
ref = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'
data ? 'key'
data ?| ARRAY['a', 'b']
data ?& '{a,b}'
data @> '{"a": 1}'
data @> '{"b":2,"a":[1,2.50]}'::jsonb
data -> 'a' = '1'
data ->> 'a' = 'x'
data -> 'a' ->> 'b' <> ''
data #>> '{a,b}' = 'x'
data #> ARRAY['a','b'] IS NOT NULL
(data ->> 'n')::int > 3
(data ->> 'n')::numeric BETWEEN 1 AND 5
(data -> 'n')::int > 3
data['a'] = '1'
data['a']['b'] IS NOT NULL
data[0] = '1'
data - 'a' <> '{}'
jsonb_typeof(data) = 'object'
jsonb_typeof(data -> 'items') IN ('array', 'object')
jsonb_array_length(data -> 'items') > 0
data @? '$.a[*] ? (@ > 2)'
data @@ '$.a == 1'
data <> '{}' AND data <> '[]'::jsonb
data || '{"x": 1}' <> '{}'
raw ->> 'a' = 'b'
raw -> 0 IS NOT NULL
raw::jsonb = data
note IS JSON
raw IS JSON OBJECT
json_exists(data, '$.a')
JSON_VALUE(data, '$.a') = 'x'
cardinality(tags) > 0
array_length(tags, 1) < 5
tags[1] = 'a'
tags[1:2] = ARRAY['a', 'b']
tags @> ARRAY['a']
tags @> '{a}'
tags <@ ARRAY['a', 'b', 'c']
tags && ARRAY['a'::text]
tags || 'x'::text <> '{}'
tags || note <> '{}'
'a' = ANY (tags)
NOT ('a' = ANY (tags))
array_position(tags, 'a') IS NULL
array_position(tags, NULL) IS NULL
array_to_string(tags, ',') <> ''
words @> ARRAY['a']::varchar[]
words <> '{}'
numbers = '{1, 2}'
numbers <> ARRAY[]::int[]
numbers[1] > 0
grid[1][2] = 3
grid = ARRAY[[1,2],[3,4]]
states @> ARRAY['new']::shop.status[]
states <> '{}'
'new' = ANY (states)
during @> now()
during && tstzrange('2020-01-01+00', '2021-01-01+00')
NOT isempty(during)
lower(during) < upper(during)
days @> '2020-01-01'::date
days @> day
days <> '[2020-01-01,2020-02-01]'
ints @> 5
ints <@ '[1,10]'
ints && int4range(1, qty)
upper_inf(days)
multi @> day
ip << '10.0.0.0/8'
ip <> '127.0.0.1'
net = '10.0.0.0/8'
family(ip) = 4
mac <> '08:00:2b:01:02:03'
bytes <> ''
bytes <> '\\x00ff'
length(bytes) = 16
octet_length(bytes) < 100
bits = B'10101010'
bits & B'00001111' <> B'00000000'
varbits <> B'1'
vector @@ search
vector @@ to_tsquery('simple', 'x & y')
vector @@ 'x'
to_tsvector('english', note) @@ plainto_tsquery('english', 'x')
place <-> point(0, 0) < 10
place <> '(0,0)'::point OR place ~= '(1,2)'
shape @> place
cash > 0::money
cash > '$1.00'
who <> 'x'
who = name
length(name) > 3
length(name) BETWEEN 1 AND 40
char_length(name) > 3
character_length(note) > 3
octet_length(name) < 5
length(code) = 3
lower(name) = name
upper(note) = note
trim(name) <> ''
trim(both 'x' from name) <> ''
trim(leading from note) = note
btrim(name) <> ''
ltrim(name, '0') <> ''
substring(name from 1 for 2) = 'ab'
substring(name, 1, 2) = 'ab'
substring(note from '[a-z]+') <> ''
substr(name, 2) <> ''
position('@' in name) > 1
strpos(name, '@') > 1
overlay(name placing 'x' from 1 for 2) <> ''
left(name, 1) = 'a'
right(note, 2) = 'bc'
replace(name, ' ', '') <> ''
regexp_replace(name, '[^a-z]', '', 'g') = name
regexp_like(name, '^a')
name ~ ('^' || note)
starts_with(name, 'a')
split_part(name, '-', 1) <> ''
concat(name, '-', qty) <> ''
concat_ws(',', name, note) <> ''
format('%s-%s', name, qty) <> ''
name || qty <> ''
qty || name <> ''
name || '-' || note || '-' || code <> ''
md5(name) <> ''
encode(bytes, 'hex') <> ''
name COLLATE "C" < 'b'
lower(name COLLATE "C") = 'x'
name < 'b' COLLATE "C"
coalesce(name, '') <> ''
coalesce(name, note) <> ''
coalesce(qty, 0) > 0
coalesce(price, 0) > 0
coalesce(small, qty, id) > 0
coalesce(price, qty) > 1
coalesce(active, false)
coalesce(at, made) > '2020-01-01'
nullif(name, '') IS NOT NULL
nullif(qty, 0) > 1
nullif(price, 0) > 1
greatest(qty, 1) > 0
least(price, 5, qty) > 0
greatest(name, 'a') <> ''
CASE WHEN qty > 0 THEN true ELSE false END
CASE WHEN qty > 0 THEN 'a' WHEN qty < 0 THEN 'b' END = 'a'
CASE status WHEN 'new' THEN made IS NULL ELSE made IS NOT NULL END
CASE name WHEN 'a' THEN 1 WHEN 'b' THEN 2 ELSE 0 END > 0
CASE qty WHEN 1 THEN price ELSE 0 END >= 0
CASE WHEN active THEN name ELSE note END <> ''
CASE WHEN active THEN 1 ELSE 2.5 END > 1
num_nonnulls(qty, price, name) = 1
num_nulls(name, note) <= 1
(qty IS NULL) <> (price IS NULL)
(qty IS NULL) = (price IS NULL)
(qty IS NOT NULL)::int + (price IS NOT NULL)::int = 1
(qty, price) = (1, 2)
(qty, price) <> (1, 2)
(qty, small) < (5, 6)
ROW(qty, name) IN ((1, 'a'), (2, 'b'))
(qty, name) IS DISTINCT FROM (1, 'a')
ROW(qty, price) IS NOT NULL
name IS DISTINCT FROM note
name IS DISTINCT FROM 'x'
name IS NOT DISTINCT FROM 'x'
qty IS DISTINCT FROM NULL
qty IS NOT DISTINCT FROM NULL
NOT (qty > 1 AND price > 2)
qty > 1 AND price > 2 AND active
qty > 1 AND (price > 2 AND active)
(qty > 1 OR price > 2) AND active
qty > 1 OR (price > 2 OR active)
qty > 1 OR price > 2 AND active
NOT active AND NOT (qty > 1)
NOT NOT active
round(price) = price
round(price, 2) = price
round(weight) = weight
round(qty) = 1
floor(price) > 0
ceil(weight) > 0
trunc(price, 1) > 0
abs(qty) < 10
abs(price - qty) < 10
power(qty, 2) < 10
price ^ 2 < 10
qty ^ 2 < 10
sqrt(price) < 10
mod(qty, 2) = 0
qty & 1 = 0
qty # 3 > 0
qty << 2 > 0
~qty < 0
price::int > 0
price::integer % 2 = 0
qty::text <> ''
qty::numeric / 3 > 1
qty::numeric(10,2) > 1
price::numeric(5,1) > 1
price::numeric > 1
name::varchar(10) = name
note::varchar(10) = note
name::char(3) = code
note::char(5) = 'abc'
'5'::int = qty
5::bigint = id
5::numeric = price
'5.10'::numeric = price
5::text = note
1.0::float8 = weight
true::text = note
qty::bigint = id
id::int = qty
small::int = qty
weight::numeric > 1
(qty + 1) * 2 > 3
qty - (small - 1) > 0
(qty - small) - 1 > 0
"Mixed Case" > 0
"order" > 0
items.qty > 0
(address).zip <> ''
(address).street = (address).zip
shop.clean(note) = note
shop.clean(name) <> 'x'
shop.clean('x') = note
tenant = shop.tenant()
octet_length(note) <= 2 ^ 10
xmlexists('//a' PASSING doc)
doc IS DOCUMENT
note IS NORMALIZED
note IS NFC NORMALIZED
normalize(note) = note
(day, day + 1) OVERLAPS ('2020-01-01'::date, '2020-02-01'::date)
at::timestamp(0) = at
made::timestamptz(3) = made
hashtext(name) % 4 = 0
current_date >= day
pg_column_size(data) < 1000
qty BETWEEN 1 AND 2 OR qty BETWEEN 5 AND 6
length(name::text) > 1
cardinality(ARRAY[qty, small]) > 1
ARRAY[qty, 1] <> numbers
ARRAY[name, 'x'] <> words
ARRAY['a', name] && words
ARRAY[note, 'x'] <> tags
name = ANY (ARRAY['a', 'b']::varchar[])
name = ANY (ARRAY['a', 'b']::text[])
name::text = ANY (ARRAY['a', 'b']::text[])
name LIKE ANY (ARRAY['a%', 'b%'])
note ILIKE ALL ('{a,b}')
bool_to_int IS NULL
""".strip()
    .replace("bool_to_int IS NULL", "(active)::int = 1")
    .splitlines()
)

DEFAULTS = """
integer|0
integer|-1
integer|'5'
integer|1 + 2
bigint|0
bigint|99999999999
bigint|nextval('shop.item_seq')
bigint|nextval('shop.item_seq'::regclass)
smallint|1
numeric|0
numeric|0.00
numeric(10,2)|0
numeric(10,2)|0.0
numeric(10,2)|'1.5'
numeric(10,2)|-1.5
double precision|0
double precision|1.5
double precision|'NaN'
real|0
real|0.5
money|0
boolean|false
boolean|TRUE
boolean|'t'
boolean|'no'
text|''
text|'x'
text|'it''s'
text|'a' || 'b'
text|E'a\\nb'
text|'x'::varchar
text|5
varchar(20)|'x'
varchar(20)|'x'::varchar
varchar(20)|'x'::text
varchar(20)|'xyz'::varchar(2)
varchar|''
char(3)|'abc'
char(3)|'a'
char|'a'
"char"|'a'
name|'x'
date|CURRENT_DATE
date|now()
date|'2020-01-01'
date|'2020-1-1'
date|now()::date
date|'now'::text::date
timestamp|now()
timestamp|CURRENT_TIMESTAMP
timestamp|LOCALTIMESTAMP
timestamp|(now() AT TIME ZONE 'utc')
timestamp|timezone('utc', now())
timestamp|'2020-01-01'
timestamp(3)|now()
timestamptz|now()
timestamptz|CURRENT_TIMESTAMP
timestamptz|CURRENT_TIMESTAMP(3)
timestamptz|clock_timestamp()
timestamptz|transaction_timestamp()
timestamptz|now() + interval '30 days'
timestamptz|now() + '1 day'
timestamptz|'2020-01-01 00:00:00+00'
timestamptz|'infinity'
time|'10:00'
time|LOCALTIME
time|CURRENT_TIME
timetz|'10:00+00'
interval|'1 day'
interval|'24:00:00'
interval|interval '1' hour
interval|'0'
uuid|gen_random_uuid()
uuid|'00000000-0000-0000-0000-000000000000'
json|'{}'
jsonb|'{}'
jsonb|'{}'::jsonb
jsonb|'{"b": 1,"a":[1, 2]}'
jsonb|'[]'
jsonb|jsonb_build_object('a', 1)
jsonb|jsonb_build_object()
jsonb|json_build_object('a', 1)
text[]|'{}'
text[]|'{}'::text[]
text[]|ARRAY[]::text[]
text[]|'{a,b}'
text[]|ARRAY['a', 'b']
varchar(20)[]|'{}'
varchar(20)[]|ARRAY['a', 'b']
integer[]|'{}'
integer[]|'{1, 2}'
integer[]|ARRAY[1, 2]
numeric[]|ARRAY[1, 2.5]
bigint[]|ARRAY[1, 2]
jsonb[]|'{}'
shop.status|'new'
shop.status|'new'::shop.status
shop.status[]|'{}'
shop.status[]|ARRAY['new', 'paid']::shop.status[]
shop.amount|0
shop.amount|1.50
shop.amount|'2'
shop.email|'a@b'
inet|'127.0.0.1'
inet|inet_client_addr()
cidr|'10.0.0.0/8'
macaddr|'08:00:2b:01:02:03'
bytea|'\\x'
bytea|'\\x00FF'
bytea|''
bit(3)|B'101'
bit varying(5)|B'101'
point|'(0,0)'
point|point(0, 0)
tsvector|''
daterange|'[2020-01-01,2020-02-01)'
daterange|'empty'
tstzrange|tstzrange(now(), NULL)
int4range|'[1,10]'
name|CURRENT_USER
text|CURRENT_USER
text|SESSION_USER
text|USER
text|current_setting('app.user', true)
text|md5(random()::text)
text|upper('x')
text|substring('abc' from 1 for 2)
text|to_char(now(), 'YYYY')
text|CASE WHEN random() > 0.5 THEN 'a' ELSE 'b' END
text|coalesce(current_setting('a', true), 'x')
double precision|random()
integer|floor(random() * 100)
integer|floor(random() * 100)::int
integer|extract(epoch from now())
integer|date_part('year', now())
bigint|(extract(epoch from now()) * 1000)::bigint
oid|0
pg_lsn|'0/0'
regclass|'shop.items'
text|shop.clean('x')
uuid|shop.tenant()
""".strip().splitlines()

INDEXES = """
lower(name)
lower(note)
(lower(name)) , qty
upper(name) text_pattern_ops
(data ->> 'a')
((data ->> 'n')::int)
(data -> 'a')
(made AT TIME ZONE 'UTC')
((made AT TIME ZONE 'UTC')::date)
(at::date)
date_trunc('month', at)
extract(year from at)
date_part('year', day)
(name || ' ' || note)
(coalesce(name, ''))
(coalesce(qty, 0))
(qty + 1)
(price * qty)
(active IS TRUE)
(CASE WHEN active THEN 1 END)
(CASE WHEN active THEN qty ELSE NULL END)
md5(note)
left(name, 3)
abs(qty)
(tags[1])
(status = 'new')
to_tsvector('english', note)
to_tsvector('english', coalesce(name, '') || ' ' || coalesce(note, ''))
to_tsvector('simple'::regconfig, note)
jsonb_array_length(data)
shop.clean(note)
shop.clean(name)
(nullif(name, ''))
(amount + 1)
((address).zip)
""".strip().splitlines()

PREDICATES = """
active
NOT active
status = 'new'
status IN ('new', 'paid')
status <> 'shipped'
made IS NULL
made IS NULL AND active
name IS NOT NULL AND name <> ''
qty > 0 AND status = 'paid'
day >= '2020-01-01'
made > '2020-01-01 00:00:00+00'
note = 'x' OR name = 'x'
(data ->> 'kind') = 'a'
price > 100
tenant IS NOT NULL
""".strip().splitlines()

GENERATED = """
numeric|qty * price
numeric(12,2)|qty * price
integer|qty * 2
bigint|qty * 2
text|name || ' ' || note
text|lower(name)
varchar(50)|name || 'x'
text|coalesce(name, 'none')
tsvector|to_tsvector('english', coalesce(name, '') || ' ' || coalesce(note, ''))
tsvector|setweight(to_tsvector('simple', coalesce(name, '')), 'A') || setweight(to_tsvector('simple', note), 'B')
boolean|made IS NOT NULL
boolean|qty > 0
text|data ->> 'name'
integer|(data ->> 'n')::int
date|(made AT TIME ZONE 'UTC')::date
integer|extract(year from day)
integer|date_part('year', day)::int
text|CASE WHEN qty > 0 THEN 'in' ELSE 'out' END
numeric|round(price * 1.2, 2)
double precision|weight / 2
double precision|qty / 2
text|md5(note)
uuid|md5(note)::uuid
integer|char_length(name)
int4range|int4range(qty, qty + 10)
""".strip().splitlines()

POLICIES = """
active
tenant = shop.tenant()
tenant = current_setting('app.tenant')::uuid
tenant::text = current_setting('app.tenant', true)
name = current_user
note = current_user
name = CURRENT_USER::text
who = current_user
pg_has_role(current_user, 'postgres', 'member')
current_setting('app.role') = 'admin' OR active
id IN (SELECT item_id FROM shop.lines)
id IN (SELECT l.item_id FROM shop.lines l WHERE l.qty > 0)
EXISTS (SELECT 1 FROM shop.lines l WHERE l.item_id = items.id)
EXISTS (SELECT 1 FROM shop.lines WHERE lines.item_id = items.id AND qty > 3)
EXISTS (SELECT * FROM shop.lines l JOIN shop.orders o ON o.id = l.order_id WHERE l.item_id = items.id AND o.status = 'paid')
(SELECT count(*) FROM shop.lines) > 5
(SELECT max(total) FROM shop.orders WHERE tenant = items.tenant) > price
tenant IN (SELECT tenant FROM shop.orders WHERE customer_id = 1)
NOT EXISTS (SELECT FROM shop.customers c WHERE c.name = items.name)
qty = ANY (SELECT l.qty FROM shop.lines l)
qty > ALL (SELECT l.qty FROM shop.lines l)
qty NOT IN (SELECT l.qty FROM shop.lines l WHERE l.qty IS NOT NULL)
tags && ARRAY(SELECT c.email FROM shop.customers c)
true
(SELECT active)
""".strip().splitlines()

TRIGGERS = """
OLD.qty IS DISTINCT FROM NEW.qty
OLD.* IS DISTINCT FROM NEW.*
NEW.status = 'paid'
NEW.status = 'paid' AND OLD.status <> 'paid'
old.name <> new.name
NEW.price > OLD.price * 1.1
pg_trigger_depth() = 0
pg_trigger_depth() < 1
NEW.name IS NOT NULL AND NEW.name IN ('a', 'b')
new."order" > 0
NEW.data ->> 'x' <> OLD.data ->> 'x'
current_setting('app.x', true) IS NULL
""".strip().splitlines()

BOUNDS = """
date|RANGE|FROM ('2026-01-01') TO ('2026-02-01')
date|RANGE|FROM (MINVALUE) TO ('2020-1-1')
date|RANGE|FROM ('2027-01-01'::date) TO (MAXVALUE)
timestamp|RANGE|FROM ('2026-01-01') TO ('2026-02-01 00:00')
timestamptz|RANGE|FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 02:00+02')
timestamptz|RANGE|FROM ('2026-01-01') TO ('2026-02-01')
integer|RANGE|FROM (0) TO (100)
integer|RANGE|FROM ('-10') TO (-5)
bigint|RANGE|FROM (0) TO (10000000000)
numeric|RANGE|FROM (0) TO (1.50)
text|RANGE|FROM ('a') TO ('n')
text|LIST|IN ('a', 'b', NULL)
varchar(10)|LIST|IN ('a', 'b')
integer|LIST|IN (1, 2, 3)
integer|LIST|IN (-1, NULL)
boolean|LIST|IN (true)
shop.status|LIST|IN ('new', 'paid')
date|LIST|IN ('2020-01-01')
uuid|HASH|WITH (MODULUS 4, REMAINDER 0)
bigint|HASH|WITH (modulus 8, remainder 7)
integer|LIST|DEFAULT
date|RANGE|FROM (date '2030-01-01' + 1) TO ('2031-01-01')
""".strip().splitlines()

VIEWS = """
SELECT * FROM shop.orders
SELECT id, total FROM shop.orders
SELECT orders.id FROM shop.orders
SELECT o.id, o.total FROM shop.orders o
SELECT o.* FROM shop.orders o
SELECT o.*, c.name FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id
SELECT id, total * 2 AS double FROM shop.orders WHERE status = 'paid'
SELECT id FROM shop.orders WHERE status IN ('paid', 'new') AND total > 10
SELECT count(*) FROM shop.orders
SELECT count(*), sum(total), avg(total) AS mean, max(note) FROM shop.orders
SELECT customer_id, count(*) AS n FROM shop.orders GROUP BY customer_id
SELECT customer_id, count(*) AS n FROM shop.orders GROUP BY 1 ORDER BY 2 DESC
SELECT customer_id AS c, sum(total) AS s FROM shop.orders GROUP BY c HAVING sum(total) > 100 ORDER BY s DESC NULLS LAST, c ASC
SELECT date_trunc('month', placed_at) AS month, sum(total) AS total FROM shop.orders GROUP BY date_trunc('month', placed_at) ORDER BY month
SELECT date_trunc('month', placed_at)::date AS month, count(DISTINCT customer_id) AS customers FROM shop.orders GROUP BY 1
SELECT o.id, c.name FROM shop.orders o, shop.customers c WHERE o.customer_id = c.id
SELECT o.id, c.name FROM shop.orders o LEFT JOIN shop.customers c ON o.customer_id = c.id WHERE c.id IS NULL
SELECT o.id, c.name FROM shop.orders o INNER JOIN shop.customers c ON (o.customer_id = c.id AND c.active)
SELECT o.id FROM shop.orders o CROSS JOIN shop.customers c
SELECT o.id AS order_id, l.no, l.qty * l.price AS amount FROM shop.orders o JOIN shop.lines l ON l.order_id = o.id LEFT JOIN shop.items i ON i.id = l.item_id
SELECT id, name, total FROM shop.orders JOIN shop.customers USING (id)
SELECT * FROM shop.orders JOIN shop.customers USING (id)
SELECT id, a.total, b.name FROM shop.orders a LEFT JOIN shop.customers b USING (id)
SELECT id, a.total, b.name FROM shop.orders a RIGHT JOIN shop.customers b USING (id)
SELECT id, a.total, b.name FROM shop.orders a FULL JOIN shop.customers b USING (id)
SELECT id, total FROM shop.orders NATURAL JOIN (SELECT id, name FROM shop.customers) AS q
SELECT c.name, m.name AS manager FROM shop.customers c LEFT JOIN shop.customers m ON m.id = c.manager_id
SELECT name FROM shop.customers WHERE EXISTS (SELECT 1 FROM shop.orders WHERE orders.customer_id = customers.id)
SELECT name FROM shop.customers c WHERE c.id IN (SELECT customer_id FROM shop.orders WHERE total > 100)
SELECT name FROM shop.customers c WHERE c.id NOT IN (SELECT o.customer_id FROM shop.orders o)
SELECT name, (SELECT count(*) FROM shop.orders o WHERE o.customer_id = c.id) AS orders FROM shop.customers c
SELECT name, (SELECT max(total) FROM shop.orders WHERE customer_id = customers.id) FROM shop.customers
SELECT id FROM shop.orders WHERE total > (SELECT avg(total) FROM shop.orders)
SELECT q.n FROM (SELECT count(*) AS n FROM shop.orders GROUP BY status) q WHERE q.n > 1
SELECT * FROM (SELECT id, total FROM shop.orders) AS q (a, b)
WITH recent AS (SELECT * FROM shop.orders WHERE placed_at > now() - interval '7 days') SELECT id, total FROM recent
WITH a AS (SELECT id FROM shop.orders), b(x) AS (SELECT id + 1 FROM a) SELECT a.id, b.x FROM a JOIN b ON b.x = a.id
WITH RECURSIVE tree AS (SELECT id, manager_id, 1 AS depth FROM shop.customers WHERE manager_id IS NULL UNION ALL SELECT c.id, c.manager_id, t.depth + 1 FROM shop.customers c JOIN tree t ON t.id = c.manager_id) SELECT * FROM tree
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n
WITH m AS MATERIALIZED (SELECT 1 AS one) SELECT one FROM m
SELECT id FROM shop.orders UNION SELECT id FROM shop.customers
SELECT id, 'order' AS kind FROM shop.orders UNION ALL SELECT id, 'customer' FROM shop.customers ORDER BY kind, 1 DESC
SELECT id FROM shop.orders EXCEPT SELECT order_id FROM shop.lines
(SELECT id FROM shop.orders INTERSECT SELECT id FROM shop.customers) UNION ALL SELECT item_id FROM shop.lines LIMIT 10
SELECT id, NULL AS note FROM shop.customers UNION SELECT id, note FROM shop.orders
SELECT DISTINCT status FROM shop.orders
SELECT DISTINCT ON (customer_id) customer_id, id, placed_at FROM shop.orders ORDER BY customer_id, placed_at DESC
SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY placed_at DESC) AS rn FROM shop.orders
SELECT id, sum(total) OVER w AS running, avg(total) OVER w FROM shop.orders WINDOW w AS (PARTITION BY customer_id ORDER BY placed_at)
SELECT id, lag(total, 1, 0) OVER (ORDER BY id) AS previous FROM shop.orders
SELECT id, sum(total) OVER (ORDER BY placed_at ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS s FROM shop.orders
SELECT id, sum(total) OVER (ORDER BY placed_at RANGE BETWEEN '1 day' PRECEDING AND UNBOUNDED FOLLOWING) AS s FROM shop.orders
SELECT count(*) FILTER (WHERE status = 'paid') AS paid, count(*) FILTER (WHERE status <> 'paid') AS other FROM shop.orders
SELECT string_agg(name, ', ' ORDER BY name) AS names, array_agg(DISTINCT email) AS mails FROM shop.customers
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) AS median, mode() WITHIN GROUP (ORDER BY status) FROM shop.orders
SELECT customer_id, status, count(*) FROM shop.orders GROUP BY ROLLUP (customer_id, status)
SELECT customer_id, status, count(*), GROUPING(customer_id) FROM shop.orders GROUP BY GROUPING SETS ((customer_id), (status), ())
SELECT g FROM generate_series(1, 10) g
SELECT g.n FROM generate_series(1, 10) AS g(n)
SELECT d::date FROM generate_series('2020-01-01'::date, '2020-12-31'::date, '1 day') d
SELECT generate_series FROM generate_series(1, 3)
SELECT i.id, t.tag FROM shop.items i, unnest(i.tags) AS t(tag)
SELECT i.id, t FROM shop.items i CROSS JOIN LATERAL unnest(i.tags) t
SELECT i.id, e.key, e.value FROM shop.items i, jsonb_each(i.data) e
SELECT i.id, x.value ->> 'a' AS a FROM shop.items i, jsonb_array_elements(i.data) WITH ORDINALITY AS x(value, n)
SELECT i.id, x.a FROM shop.items i, jsonb_to_recordset(i.data) AS x(a int, b text)
SELECT c.name, l.total FROM shop.customers c LEFT JOIN LATERAL (SELECT o.total FROM shop.orders o WHERE o.customer_id = c.id ORDER BY o.placed_at DESC LIMIT 1) l ON true
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(id, name)
VALUES (1, 'a'), (2, 'b')
SELECT 1 AS one, 'x' AS word, NULL AS nothing, 1.5 AS number, true AS truth
SELECT 1, 'x'::text
SELECT 'x'
SELECT id FROM shop.orders ORDER BY total DESC, id LIMIT 10 OFFSET 5
SELECT id FROM shop.orders ORDER BY total FETCH FIRST 5 ROWS ONLY
SELECT id FROM shop.orders ORDER BY total FETCH FIRST 5 ROWS WITH TIES
SELECT CASE WHEN total > 100 THEN 'big' ELSE 'small' END AS size FROM shop.orders
SELECT CASE status WHEN 'new' THEN 1 ELSE 2 END FROM shop.orders
SELECT coalesce(c.email, c.name, 'none') AS contact FROM shop.customers c
SELECT name || ' <' || email || '>' AS address FROM shop.customers
SELECT upper(name) AS name, length(email), email::varchar(10), created::text FROM shop.customers
SELECT extract(year FROM placed_at) AS year, placed_at::date AS day, placed_at AT TIME ZONE 'UTC' AS utc FROM shop.orders
SELECT c FROM shop.customers c
SELECT to_jsonb(c) AS doc, row_to_json(c.*) AS raw FROM shop.customers c
SELECT count(c) FROM shop.customers c
SELECT jsonb_agg(jsonb_build_object('id', id, 'total', total) ORDER BY id) AS docs FROM shop.orders
SELECT ARRAY(SELECT id FROM shop.orders ORDER BY id) AS ids
SELECT (SELECT 1) + 1 AS two, ARRAY[1, 2] AS list
SELECT id, (address).* FROM shop.items
SELECT tags[1] AS first, data -> 'a' AS a, data ->> 'b' FROM shop.items
SELECT o.id FROM shop.orders o JOIN (shop.lines l JOIN shop.items i ON i.id = l.item_id) ON l.order_id = o.id
SELECT id FROM shop.orders TABLESAMPLE bernoulli (10)
SELECT id FROM ONLY shop.orders
SELECT orders.id, x.id AS other FROM shop.orders JOIN (SELECT orders.id FROM shop.orders WHERE total > 5) x ON x.id = orders.id
SELECT id FROM shop.orders WHERE (customer_id, status) IN (SELECT customer_id, status FROM shop.orders WHERE total > 1)
SELECT id FROM shop.orders WHERE note LIKE '%x%' AND placed_at BETWEEN '2020-01-01' AND now()
SELECT nullif(name, '') AS name, greatest(created, '2020-01-01') AS created FROM shop.customers
SELECT sum(qty) AS qty, sum(qty * price) AS value, round(avg(price), 2) AS mean FROM shop.lines WHERE order_id > 5 GROUP BY order_id
SELECT price::numeric AS p, total::numeric(5,1) AS t FROM shop.orders, shop.lines
SELECT a.id FROM shop.orders a WHERE a.total = (SELECT max(b.total) FROM shop.orders b WHERE b.customer_id = a.customer_id)
SELECT s.id FROM (SELECT id FROM shop.orders UNION SELECT id FROM shop.customers) s
SELECT row_number() OVER () AS n, rank() OVER (ORDER BY total DESC NULLS LAST) FROM shop.orders
SELECT json_build_object('a', name) AS doc, name COLLATE "C" AS sorted FROM shop.customers
SELECT count(*) AS n FROM shop.orders HAVING count(*) > 5
SELECT status, count(*) FROM shop.orders GROUP BY status ORDER BY count(*) DESC, status
SELECT current_date AS today, now() AS at, current_user AS who, localtimestamp AS l
SELECT x.* FROM shop.orders o JOIN LATERAL (SELECT o.id, o.total) x ON true
SELECT shop.clean(name) AS clean, shop.tenant() AS tenant FROM shop.customers
SELECT customer_id, (array_agg(id ORDER BY placed_at DESC))[1] AS last FROM shop.orders GROUP BY customer_id
SELECT EXISTS (SELECT 1 FROM shop.orders) AS any, NOT EXISTS (SELECT FROM shop.lines) AS none
SELECT id::text || '-' || status::text AS key FROM shop.orders
SELECT t.id FROM shop.orders AS t WHERE t.status = ANY (ARRAY['new', 'paid']::shop.status[])
SELECT JSON_OBJECT('a': name) AS x, JSON_ARRAY(1, 2) AS y FROM shop.customers
SELECT jt.a FROM shop.items i, JSON_TABLE(i.data, '$[*]' COLUMNS (a int PATH '$.a')) AS jt
SELECT o.status, count(*) FILTER (WHERE o.total > 100) * 100.0 / count(*) AS share FROM shop.orders o GROUP BY o.status
SELECT c.id, c.name, coalesce(sum(o.total), 0) AS total FROM shop.customers c LEFT JOIN shop.orders o ON o.customer_id = c.id GROUP BY c.id, c.name
SELECT c.id, max(c.name) AS name FROM shop.customers c GROUP BY id HAVING max(c.name) > 'a' ORDER BY name
SELECT date_part('year', placed_at)::int AS y, to_char(placed_at, 'YYYY-MM') AS m FROM shop.orders GROUP BY y, m
SELECT id, total, total - lag(total) OVER (PARTITION BY customer_id ORDER BY placed_at) AS diff FROM shop.orders
SELECT id, ntile(4) OVER (ORDER BY total DESC) q, first_value(id) OVER w, last_value(total) OVER w FROM shop.orders WINDOW w AS (ORDER BY total ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
WITH RECURSIVE t AS (SELECT id, manager_id, ARRAY[id] AS path FROM shop.customers WHERE manager_id IS NULL UNION ALL SELECT c.id, c.manager_id, t.path || c.id FROM shop.customers c, t WHERE c.manager_id = t.id AND NOT c.id = ANY (t.path)) SELECT * FROM t ORDER BY path
WITH x AS (SELECT customer_id, sum(total) AS s FROM shop.orders GROUP BY customer_id), y AS (SELECT avg(s) AS a FROM x) SELECT x.customer_id FROM x, y WHERE x.s > y.a
SELECT a.id FROM shop.orders a WHERE NOT EXISTS (SELECT * FROM shop.orders b WHERE b.customer_id = a.customer_id AND b.placed_at > a.placed_at)
SELECT id FROM shop.orders WHERE total = ANY (SELECT price FROM shop.lines)
SELECT id FROM shop.orders WHERE customer_id IN (SELECT id FROM shop.customers WHERE email LIKE '%@x.com' UNION SELECT 5)
SELECT x, y FROM (SELECT 1 AS x, 'a' AS y UNION ALL SELECT 2, 'b') s WHERE y IN ('a', 'c')
SELECT 'a' AS k, count(*) FROM shop.orders UNION ALL SELECT 'b', count(*) FROM shop.lines UNION ALL SELECT NULL, 0
SELECT CASE WHEN grouping(status) = 1 THEN 'all' ELSE status::text END AS s, sum(total) FROM shop.orders GROUP BY CUBE (status)
SELECT name, ARRAY[name, email] AS both, name = ANY (ARRAY[email, 'x']) AS q FROM shop.customers
SELECT (ARRAY['a','b','c'])[2] AS b, (SELECT array_agg(id) FROM shop.orders)[1] AS f
SELECT i.id, j.* FROM shop.items i, LATERAL jsonb_to_record(i.data) AS j(a int, b text)
SELECT i.id, k FROM shop.items i, jsonb_object_keys(i.data) k
SELECT i.id, o.ord, o.val FROM shop.items i LEFT JOIN LATERAL unnest(i.tags) WITH ORDINALITY AS o(val, ord) ON true
SELECT * FROM generate_series(1, 3) WITH ORDINALITY
SELECT * FROM ROWS FROM (generate_series(1, 3), generate_series(1, 4)) AS r(a, b)
SELECT upper(during) AS u, lower(days) AS l, tags && '{a}' AS t, data @> '{"a": [1]}' AS d FROM shop.items
SELECT address, (address).street || 'x' AS s FROM shop.items
SELECT i AS whole FROM shop.items i
SELECT orders AS o FROM shop.orders
SELECT row_to_json(x) AS j FROM (SELECT id, name FROM shop.customers) x
SELECT json_agg(x) AS j FROM (SELECT id, name FROM shop.customers) AS x
SELECT count(DISTINCT (customer_id, status)) AS n FROM shop.orders
SELECT string_agg(DISTINCT status::text, ',' ORDER BY status::text) AS s FROM shop.orders
SELECT id FROM shop.orders ORDER BY status = 'new' DESC, coalesce(note, 'x') COLLATE "C", 1
SELECT DISTINCT date_trunc('day', placed_at) AS d FROM shop.orders ORDER BY d DESC
SELECT DISTINCT ON (c.name) c.name, o.total FROM shop.customers c JOIN shop.orders o ON o.customer_id = c.id ORDER BY c.name, o.total DESC, o.id
SELECT id, total::money AS m, -total AS neg, @ total AS a, total % 2 AS mod, |/ total AS root FROM shop.orders
SELECT now() - placed_at AS age, placed_at + '1 day' AS next, placed_at::date - 7 AS w, extract(epoch FROM now() - placed_at) / 3600 AS hours FROM shop.orders
SELECT a.id AS id, b.id AS id2 FROM shop.orders a, shop.orders b WHERE a.id < b.id AND a.tenant IS NOT DISTINCT FROM b.tenant
SELECT o.id FROM shop.orders AS o NATURAL JOIN shop.customers AS c
SELECT id FROM shop.orders WHERE placed_at >= date_trunc('month', CURRENT_DATE) - INTERVAL '1 month'
SELECT id FROM shop.orders WHERE placed_at::date = CURRENT_DATE - 1 AND note IS NOT NULL AND trim(note) <> ''
SELECT id, CASE WHEN note ~* 'x' THEN 1 WHEN note ILIKE 'y%' THEN 2.5 END AS c FROM shop.orders
SELECT nextval('shop.item_seq') AS n, currval('shop.item_seq'::regclass) AS c
SELECT percentile_disc(ARRAY[0.25, 0.5]) WITHIN GROUP (ORDER BY total) AS p, rank(5) WITHIN GROUP (ORDER BY total) AS r FROM shop.orders
SELECT id FROM shop.orders WHERE (total, id) > (5, 3) AND ROW(status, total) = ROW('new'::shop.status, 1)
SELECT c.*, o.* FROM shop.customers c LEFT JOIN LATERAL (SELECT count(*) AS n, max(total) AS m FROM shop.orders WHERE orders.customer_id = c.id) o ON true
SELECT l.order_id, sum(l.qty * l.price) OVER (PARTITION BY l.order_id) AS t, l.qty * l.price / nullif(sum(l.qty * l.price) OVER (PARTITION BY l.order_id), 0) AS share FROM shop.lines l
SELECT a.x FROM (VALUES (1), (NULL), (2.5)) a(x)
SELECT * FROM (VALUES ('a', NULL), (NULL, 3)) AS v
SELECT id FROM shop.orders FOR UPDATE
TABLE shop.orders
SELECT customer_id, total FROM shop.orders o WHERE total > ALL (SELECT total FROM shop.orders i WHERE i.customer_id = o.customer_id AND i.id <> o.id)
SELECT (o).id, (o).status FROM shop.orders o
SELECT coalesce((SELECT name FROM shop.customers WHERE id = o.customer_id), 'nobody') AS n FROM shop.orders o
SELECT id, jsonb_path_query_first(data, '$.a') AS q, data #>> '{a,0}' AS z, data - '{a,b}'::text[] AS m FROM shop.items
SELECT xmlagg(doc) AS x FROM shop.items
SELECT regexp_matches(note, '(a)(b)', 'g') AS m, unnest(tags) AS t FROM shop.items
SELECT a.id FROM shop.orders a JOIN shop.orders b USING (id, status) JOIN shop.orders c USING (id)
SELECT id, x FROM shop.orders CROSS JOIN LATERAL (VALUES (total), (total * 2)) AS v(x)
SELECT m.id FROM ONLY shop.orders AS m (id, cust) WHERE cust > 1
SELECT sum(CASE WHEN status = 'paid' THEN total ELSE 0 END) AS paid FROM shop.orders
SELECT sum(CASE WHEN status = 'paid' THEN 1 ELSE 0 END)::float / count(*) AS r FROM shop.orders
SELECT c.name || ' (' || count(o.*) || ')' AS s FROM shop.customers c LEFT JOIN shop.orders o ON o.customer_id = c.id GROUP BY c.name
SELECT substring(name, '^[a-z]+') AS s, name SIMILAR TO 'a%' AS m, overlay(name placing 'x' from 2) AS o FROM shop.customers
SELECT id FROM shop.orders WHERE tenant = shop.tenant() AND shop.clean(note) IN ('a', 'b')
""".strip().splitlines()
