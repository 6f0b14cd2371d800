//! The example suites, which are the files in `suites/`.

/// The suites, each as its path below `suites/` and its text.
pub(super) const SUITES: [(&str, &str); 9] = [
    ("bronze/customers.yml", include_str!("../../../suites/bronze/customers.yml")),
    ("bronze/line_items.yml", include_str!("../../../suites/bronze/line_items.yml")),
    ("bronze/orders.yml", include_str!("../../../suites/bronze/orders.yml")),
    ("silver/customers.yml", include_str!("../../../suites/silver/customers.yml")),
    ("silver/line_items.yml", include_str!("../../../suites/silver/line_items.yml")),
    ("silver/orders.yml", include_str!("../../../suites/silver/orders.yml")),
    ("gold/orders_by_load.yml", include_str!("../../../suites/gold/orders_by_load.yml")),
    ("gold/revenue_by_segment.yml", include_str!("../../../suites/gold/revenue_by_segment.yml")),
    ("gold/shipping_by_mode.yml", include_str!("../../../suites/gold/shipping_by_mode.yml")),
];
