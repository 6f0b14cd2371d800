//! Knows which programs write statistics that are wrong.
//!
//! The rules are collected from the checks of parquet-mr (`CorruptStatistics`) and Arrow
//! (`ApplicationVersion::HasCorrectStatistics`), and from the reports that are named below. Where the fixed
//! version is not known for certain, all versions are distrusted.

/// The program that wrote a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Writer {
    name: String,
    /// The version; 0.0.0 if the file states none.
    version: (u32, u32, u32),
}

/// The order in which a column is compared for its statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StatisticsOrder {
    Boolean,
    /// Signed integers, dates and times.
    Signed,
    /// Unsigned integers, stored in a wider type.
    Unsigned,
    /// Unsigned integers of as many bits as the type that stores them.
    UnsignedFull,
    /// Decimals stored as integers.
    Decimal,
    /// Decimals stored as bytes.
    DecimalBytes,
    /// Texts and bytes.
    Bytes,
    /// Types whose bounds cannot be trusted.
    Unordered,
}

impl Writer {
    /// Parses the writer that a file names, as `name version 1.2.3 (build …)`.
    pub(super) fn of(created_by: Option<&str>) -> Self {
        let text = created_by.unwrap_or_default();
        let (name, rest) = text.split_once(" version ").unwrap_or((text, ""));
        let mut numbers = rest.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
        let mut number = || numbers.next().unwrap_or(0);
        Self { name: name.trim().to_owned(), version: (number(), number(), number()) }
    }

    fn is(&self, name: &str) -> bool {
        self.name == name
    }

    fn before(&self, major: u32, minor: u32) -> bool {
        self.version < (major, minor, 0)
    }

    /// Returns whether none of the writer's statistics is right for certain. Arrow2 counted the nulls of
    /// dictionaries (jorgecarleitao/arrow2#1414), and lost the bounds of pages (pola-rs/polars#7842).
    fn is_wrong(&self) -> bool {
        self.name.starts_with("Arrow2")
    }

    /// Returns whether the writer's bounds follow the order of the column.
    pub(super) fn trusts_bounds(&self, order: StatisticsOrder) -> bool {
        if self.is_wrong() || order == StatisticsOrder::Unordered {
            return false;
        }
        let plain = matches!(order, StatisticsOrder::Boolean | StatisticsOrder::Signed);
        let decimal = matches!(order, StatisticsOrder::Decimal | StatisticsOrder::DecimalBytes);
        match self.name.as_str() {
            // PARQUET-251, PARQUET-686: before 1.10.0 all values were compared as signed.
            "parquet-mr" if self.before(1, 10) => plain || order == StatisticsOrder::Decimal,
            // The same bug before 1.3.0; later versions: PARQUET-1655, ARROW-11634.
            "parquet-cpp" if self.before(1, 3) => plain || order == StatisticsOrder::Decimal,
            "parquet-cpp" => !matches!(order, StatisticsOrder::DecimalBytes | StatisticsOrder::Bytes),
            // PARQUET-1655: decimals were compared byte by byte.
            "parquet-cpp-arrow" if order == StatisticsOrder::DecimalBytes => !self.before(4, 0),
            // ARROW-11634, apache/arrow#34106: some pages of a dictionary are left out.
            "parquet-cpp-arrow" if order == StatisticsOrder::Bytes => !self.before(12, 0),
            // apache/arrow-rs#641, #1532: texts were compared by length, decimals and integers by byte.
            "parquet-rs" if self.before(14, 0) => plain,
            // pola-rs/polars#29347: the bounds of pages are merged as if all were signed numbers or bytes.
            "Polars" => !matches!(order, StatisticsOrder::UnsignedFull | StatisticsOrder::DecimalBytes),
            // parquet-go/parquet-go#54, #592: bytes were overwritten, and decimals compared as unsigned.
            name if name.contains("parquet-go") => plain,
            // ClickHouse/ClickHouse#83754, hyparam/hyparquet-writer#38.
            name if name.starts_with("ClickHouse") || name.starts_with("hyparquet") => !decimal,
            _ => true,
        }
    }

    /// Returns whether the writer's null count of `nulls` is right. `coded` is true for dictionary-encoded
    /// values.
    pub(super) fn trusts_null_count(&self, order: StatisticsOrder, coded: bool, nulls: u64) -> bool {
        if self.is_wrong() {
            return false;
        }
        match self.name.as_str() {
            // ARROW-12513: nulls in Arrow's dictionaries are not counted.
            "parquet-cpp" => order != StatisticsOrder::Bytes,
            "parquet-cpp-arrow" => order != StatisticsOrder::Bytes || !self.before(12, 0),
            // pola-rs/polars#29321: each page counts the nulls of all pages.
            "Polars" => !coded || nulls == 0,
            _ => true,
        }
    }

    /// Returns whether the bounds are among the values of the column.
    pub(super) fn bounds_are_attained(&self, order: StatisticsOrder) -> bool {
        match order {
            // pola-rs/polars#26667: a null counts as false.
            StatisticsOrder::Boolean => !self.is("Polars"),
            // The bounds may be truncated, or only in the dictionary (duckdb/duckdb#22548).
            StatisticsOrder::Bytes | StatisticsOrder::Unordered => false,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_name_themselves() {
        let writer = |text| Writer::of(Some(text));
        let mr = writer("parquet-mr version 1.8.2 (build abc123)");
        assert_eq!((mr.name.as_str(), mr.version), ("parquet-mr", (1, 8, 2)));
        assert_eq!(writer("parquet-mr version 1.12.3-databricks-0001").version, (1, 12, 3));
        assert_eq!(writer("Polars").version, (0, 0, 0));
        assert_eq!(Writer::of(None).name, "");
    }

    #[test]
    fn known_mistakes_are_not_believed() {
        for (writer, order, right) in [
            ("parquet-mr version 1.8.1 (build x)", StatisticsOrder::Bytes, false),
            ("parquet-mr version 1.8.1 (build x)", StatisticsOrder::Signed, true),
            ("parquet-mr version 1.10.0 (build x)", StatisticsOrder::Bytes, true),
            ("parquet-mr", StatisticsOrder::Bytes, false),
            ("parquet-cpp version 1.2.9", StatisticsOrder::UnsignedFull, false),
            ("parquet-cpp version 1.5.1-SNAPSHOT", StatisticsOrder::UnsignedFull, true),
            ("parquet-cpp version 1.5.1-SNAPSHOT", StatisticsOrder::Bytes, false),
            ("parquet-cpp-arrow version 3.0.0", StatisticsOrder::DecimalBytes, false),
            ("parquet-cpp-arrow version 4.0.0", StatisticsOrder::DecimalBytes, true),
            ("parquet-cpp-arrow version 11.0.0", StatisticsOrder::Bytes, false),
            ("parquet-cpp-arrow version 21.0.0", StatisticsOrder::Bytes, true),
            ("parquet-rs version 5.0.0", StatisticsOrder::Bytes, false),
            ("parquet-rs version 59.0.0", StatisticsOrder::Bytes, true),
            ("Polars", StatisticsOrder::Bytes, true),
            ("Polars", StatisticsOrder::UnsignedFull, false),
            ("Polars", StatisticsOrder::DecimalBytes, false),
            ("Arrow2 - Native Rust implementation of Arrow", StatisticsOrder::Signed, false),
            ("github.com/parquet-go/parquet-go version 0.20.0(build )", StatisticsOrder::Bytes, false),
            ("ClickHouse v24.8.1.1", StatisticsOrder::Decimal, false),
            ("DuckDB version v1.3.0 (build 71c5c07cdd)", StatisticsOrder::Bytes, true),
        ] {
            assert_eq!(Writer::of(Some(writer)).trusts_bounds(order), right, "{writer} {order:?}");
        }
        assert!(Writer::of(None).trusts_bounds(StatisticsOrder::Bytes));
        assert!(!Writer::of(None).trusts_bounds(StatisticsOrder::Unordered));
        let nulls = |writer, coded, nulls| {
            Writer::of(Some(writer)).trusts_null_count(StatisticsOrder::Bytes, coded, nulls)
        };
        assert!(!nulls("parquet-cpp-arrow version 5.0.0", false, 0));
        assert!(nulls("Polars", true, 0) && nulls("Polars", false, 7) && !nulls("Polars", true, 7));
        assert!(nulls("parquet-mr version 1.8.1 (build x)", true, 7));
    }
}
