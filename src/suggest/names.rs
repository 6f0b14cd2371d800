//! What names of columns and tables say.

use crate::data::ColumnPath;

/// Returns the words of a name in lower case: `OrderID`, `order_id`.
pub(super) fn words(name: &str) -> Vec<String> {
    crate::data::words(name, char::is_alphanumeric)
}

/// Returns whether a column's name says that it names a thing.
pub(super) fn names_a_thing(column: &ColumnPath) -> bool {
    const WORDS: [&str; 12] =
        ["id", "ids", "key", "no", "nr", "num", "number", "code", "uuid", "guid", "sku", "index"];
    const OTHER: [&str; 6] = ["paid", "unpaid", "valid", "invalid", "monkey", "turkey"];
    let words = words(column.parts().last().map_or("", String::as_str));
    let last = words.last().map_or("", String::as_str);
    let ends = |end: &str| last.len() > end.len() + 2 && last.ends_with(end);
    WORDS.contains(&last) || ((ends("id") || ends("key")) && !OTHER.contains(&last))
}

/// Returns whether a column's name has one of some words.
pub(super) fn has_word(column: &ColumnPath, wanted: &[&str]) -> bool {
    words(column.parts().last().map_or("", String::as_str)).iter().any(|word| wanted.contains(&word.as_str()))
}

/// The name of the dataset at a URI: `orders` of `s3://lake/silver/orders/` and of `data/orders.parquet`.
#[must_use]
pub fn dataset_name(uri: &str) -> String {
    const END: [&str; 11] =
        ["parquet", "csv", "tsv", "json", "ndjson", "jsonl", "arrow", "feather", "ipc", "arrows", "gz"];
    let path = uri.split(['?', '#']).next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit(['/', '\\']).find(|part| !part.contains('*'));
    let last = last.unwrap_or("data");
    let is_end = |end: &str| END.contains(&end.to_lowercase().as_str());
    let mut stem = last;
    while let Some((before, end)) = stem.rsplit_once('.')
        && is_end(end)
        && !before.is_empty()
    {
        stem = before;
    }
    let name: String = stem.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect();
    if name.trim_matches('_').is_empty() { "data".to_owned() } else { name }
}

/// Returns whether a column may name rows of another table by a column of that: `customer_id` those of `customers` by
/// `id` or `customer_id`.
pub(super) fn refers(column: &ColumnPath, table: &str, key: &ColumnPath) -> bool {
    let joined = |words: &[String]| words.concat();
    let [own, theirs] = [column, key].map(|path| words(path.parts().last().map_or("", String::as_str)));
    let table = words(table);
    let table = table.last().map_or("", String::as_str);
    let one = table
        .strip_suffix("ies")
        .map_or_else(|| table.trim_end_matches('s').to_owned(), |stem| format!("{stem}y"));
    let (own, theirs) = (joined(&own), joined(&theirs));
    if own == theirs {
        // `id` and `name` are in every table, and mean another thing in each.
        return own.len() > 3 && own != "name" && own != "code";
    }
    [format!("{table}{theirs}"), format!("{one}{theirs}")].contains(&own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_things_and_tables() {
        let column = |name: &str| ColumnPath::column(name);
        for name in ["order_id", "OrderID", "o_orderkey", "ProviderNumber", "id"] {
            assert!(names_a_thing(&column(name)), "{name}");
        }
        assert!(!["note", "amount", "paid"].into_iter().any(|name| names_a_thing(&column(name))));
        assert_eq!(dataset_name("s3://lake/silver/orders/"), "orders");
        assert_eq!(dataset_name("data/orders.2026.csv.gz"), "orders_2026");
        assert_eq!(dataset_name("lake/orders/*.parquet"), "orders");
        assert!(refers(&column("customer_id"), "customers", &column("id")));
        assert!(refers(&column("order_id"), "orders", &column("order_id")));
        assert!(refers(&column("category_id"), "categories", &column("id")));
        assert!(!refers(&column("id"), "customers", &column("id")));
    }
}
