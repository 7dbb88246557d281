"""The shop as a system: what it is made of, who uses it, where it runs, and which tables are whose.

`planroom arch schemas/shop_system.py --list` names its views; notebooks/05_architecture.ipynb goes through them.
"""

from pathlib import Path

import planroom as pr
from planroom.architecture import Boundary, Component, Container, DeploymentNode, Person, Relation, Scenario
from planroom.architecture import SoftwareSystem as Other

people = [
    Person("customer", "Customer", "Looks, buys, sends back.", external=True),
    Person("clerk", "Warehouse clerk", "Picks, packs, counts."),
    Person("agent", "Support agent", "Finds orders, grants refunds."),
]

others = [
    Other("gateway-psp", "Payment gateway", "Authorises and captures cards.", technology="Adyen"),
    Other("carrier", "Carriers", "Collect parcels and tell where they are.", technology="EDI"),
    Other("mailer", "Mail service", "Delivers mail and text messages.", technology="SES"),
]

containers = [
    Container("web", "Web shop", "web app", "React", "What customers see in a browser.", "team-checkout"),
    Container("app", "Mobile app", "mobile app", "Flutter", "The same in a pocket.", "team-checkout"),
    Container("backoffice", "Back office", "web app", "Django", "What clerks and agents work with.", "team-warehouse"),
    Container("edge", "Edge", "gateway", "Nginx", "Ends TLS, limits rates, routes.", "team-platform"),
    Container(
        "accounts", "Accounts", "service", "Python", "Who customers are and how they get in.", "team-accounts",
        owns=["context:identity"],
    ),
    Container(
        "range", "Range", "service", "Go", "What is sold, and for how much.", "team-range", owns=["context:catalogue"]
    ),
    Container(
        "stock", "Stock", "service", "Go", "What lies where, and who it is promised to.", "team-warehouse",
        owns=["context:inventory"],
    ),
    Container(
        "ordering", "Ordering", "service", "Java", "Carts, orders, shipments, returns.", "team-checkout",
        owns=["context:ordering"],
        components=[
            Component("cart", "Cart", "Spring", "Keeps what is about to be bought.", owns=["table:ordering.cart*"]),
            Component("checkout", "Checkout", "Spring", "Turns a cart into an order, once."),
            Component("pricing", "Pricing", "Spring", "Adds up lines, coupons and tax."),
            Component("outbox", "Outbox", "Spring", "Publishes what was committed.", tags=["events"]),
            Component("returns", "Returns", "Spring", "Takes goods back.", owns=["table:ordering.returns"]),
        ],
    ),
    Container(
        "payments", "Payments", "service", "Java", "The money that moves because of an order.", "team-payments",
        owns=["context:payments"],
    ),
    Container("search", "Product search", "search index", "Elasticsearch", "Finds products.", "team-range"),
    Container("cache", "Session cache", "cache", "Redis", "Sessions, and pages that rarely change.", "team-platform"),
    Container("db", "Shop database", "database", "PostgreSQL 18", "One server, five schemas.", "team-platform"),
    Container("events", "Order events", "queue", "Kafka", "What happened to orders.", "team-platform"),
    Container("notifier", "Notifier", "job", "Python", "Tells customers what happened.", "team-accounts"),
    Container("indexer", "Indexer", "job", "Python", "Keeps the search index fresh.", "team-range"),
    Container("warehouse", "Analytics", "database", "DuckDB", "What analysts ask.", "team-finance"),
    Container("export", "Nightly export", "job", "Python", "Copies what analysts may see.", "team-finance"),
    Container("documents", "Documents", "storage", "S3", "Invoices as PDF.", "team-finance"),
]  # fmt: skip

relations = [
    Relation("customer", "web", "buys", "HTTPS"),
    Relation("customer", "app", "buys", "HTTPS"),
    Relation("clerk", "backoffice", "picks and packs", "HTTPS"),
    Relation("agent", "backoffice", "answers customers", "HTTPS"),
    Relation("web", "edge", "calls", "HTTPS/JSON", data=["table:ordering.orders", "table:identity.addresses"]),
    Relation("app", "edge", "calls", "HTTPS/JSON", data=["table:ordering.orders", "table:identity.addresses"]),
    Relation("backoffice", "stock", "books movements", "gRPC/TLS"),
    Relation("backoffice", "ordering.returns", "receives returns", "gRPC/TLS"),
    Relation("edge", "accounts", "signs in", "gRPC/TLS", data=["table:identity.customers"]),
    Relation("edge", "range", "shows products", "gRPC/TLS"),
    Relation("edge", "ordering.cart", "changes carts", "gRPC/TLS"),
    Relation("edge", "ordering.checkout", "places orders", "gRPC/TLS", data=["table:ordering.orders"]),
    Relation("range", "search", "finds products", "HTTPS/JSON", read_only=True),
    Relation("accounts", "cache", "keeps sessions", "Redis/TLS", data=["table:identity.sessions"]),
    Relation("ordering.checkout", "ordering.pricing", "adds up", "call"),
    Relation("ordering.checkout", "stock", "reserves", "gRPC/TLS"),
    Relation("ordering.checkout", "payments", "authorises", "gRPC/TLS", data=["table:payments.payment_methods"]),
    Relation("ordering.checkout", "ordering.outbox", "records events", "call"),
    Relation("payments", "gateway-psp", "charges cards", "HTTPS/JSON", data=["table:payments.charges"]),
    Relation("accounts", "db", "identity", "SQL/TLS", data=["context:identity"]),
    Relation("range", "db", "catalogue", "SQL/TLS", data=["context:catalogue"]),
    Relation("stock", "db", "inventory", "SQL/TLS", data=["context:inventory"]),
    Relation("ordering", "db", "ordering", "SQL/TLS", data=["context:ordering"]),
    Relation("payments", "db", "payments", "SQL/TLS", data=["context:payments"]),
    Relation("payments", "documents", "files invoices", "HTTPS", data=["table:payments.invoices"], pii=["address"]),
    Relation("ordering.outbox", "events", "publishes", "Kafka/TLS", sync=False,
             data=["OrderPlaced", "OrderShipped", "OrderReturned"], pii=["name", "address"]),
    Relation("events", "notifier", "feeds", "Kafka/TLS", sync=False, data=["OrderPlaced", "OrderShipped"],
             pii=["name", "address"]),
    Relation("events", "stock", "feeds", "Kafka/TLS", sync=False, data=["OrderShipped"]),
    Relation("notifier", "mailer", "sends mail", "SMTP", encrypted=False, sync=False, pii=["email", "name"]),
    Relation("stock", "carrier", "orders collection", "SFTP", sync=False, data=["table:ordering.shipments"]),
    Relation("range", "indexer", "tells changes", "HTTPS", sync=False),
    Relation("indexer", "search", "updates", "HTTPS/JSON"),
    Relation("export", "db", "copies", "SQL/TLS", read_only=True, sync=False),
    Relation("export", "warehouse", "loads", "file", sync=False),
]  # fmt: skip

boundaries = [
    Boundary("internet", "Internet", ["customer", "web", "app"]),
    Boundary("premises", "Company network", ["clerk", "agent", "backoffice"]),
    Boundary("cloud", "Cloud account", [
        "edge", "accounts", "range", "stock", "ordering", "search", "cache", "events", "notifier", "indexer", "export",
    ]),
    Boundary("data", "Data zone", ["db", "payments", "documents", "warehouse"], inside="cloud"),
]  # fmt: skip

deployment = [
    DeploymentNode("device", "Customer's device", "browser, iOS, Android", runs=["web", "app"]),
    DeploymentNode("eu-west", "eu-west-1", "AWS region", nodes=[
        DeploymentNode("k8s", "Cluster", "Kubernetes 1.34", nodes=[
            DeploymentNode("front", "Front pods", instances=4, runs=["edge", "backoffice"]),
            DeploymentNode("pods", "Service pods", instances=3, runs=["accounts", "range", "stock", "ordering"]),
            DeploymentNode("cardholder", "Cardholder pods", instances=2, runs=["payments"]),
            DeploymentNode("jobs", "Job pods", runs=["notifier", "indexer", "export"]),
        ]),
        DeploymentNode("pg", "Database host", "r8g.8xlarge", runs=["db"]),
        DeploymentNode("brokers", "Brokers", "3 zones", instances=3, runs=["events"]),
        DeploymentNode("managed", "Managed", "AWS", runs=["cache", "search", "documents", "warehouse"]),
    ]),
]  # fmt: skip

scenarios = [
    Scenario("place-order", "Place an order", critical=True, steps=[
        ("customer", "web", "presses Buy"),
        ("web", "edge", "POST /orders"),
        ("edge", "ordering", "place order"),
        ("ordering", "stock", "reserve lines"),
        ("stock", "db", "insert reservations"),
        ("ordering", "payments", "authorise 49.90 €"),
        ("payments", "gateway-psp", "authorise card"),
        ("ordering", "db", "insert order, lines, event"),
        ("ordering", "events", "OrderPlaced"),
        ("events", "notifier", "OrderPlaced"),
        ("notifier", "mailer", "confirmation"),
    ]),
]  # fmt: skip

shop = pr.System(
    "Shop",
    "Sells things to 50 million customers.",
    containers=containers,
    people=people,
    systems=others,
    relations=relations,
    boundaries=boundaries,
    deployment=deployment,
    scenarios=scenarios,
    model=pr.read(Path(__file__).with_name("shop.sql")),
    owner="team-platform",
)
