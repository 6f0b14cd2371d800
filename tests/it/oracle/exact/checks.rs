//! Generates random checks on a table of [`Case`], with the expected outcomes.

use karat::data::DataType;
use num_rational::BigRational;
use num_traits::Zero as _;

use super::super::super::fuzz::Random;
use super::case::Case;
use super::measures;
use super::number::{Number, ratio, read, written};

/// A measure of a column, or of two columns.
#[derive(Clone, Copy, Debug)]
enum Measure {
    Sum,
    Mean,
    Median,
    Deviation,
    Quantile(&'static str, &'static str),
    Least,
    Greatest,
    DistinctRatio,
    NonNullRatio,
    Correlation,
    Formula(&'static str),
}

const POSITIONS: [&str; 11] =
    ["0", "0.25", "0.5", "0.75", "1", "0.1", "0.29", "0.9", "0.333", "0.05", "0.99"];
const INTERPOLATIONS: [&str; 5] = ["nearest", "linear", "lower", "higher", "midpoint"];
const FORMULAS: [&str; 12] = [
    "sum(x)",
    "avg(x)",
    "median(x)",
    "stddev(x)",
    "min(x)",
    "max(x)",
    "avg(x) - min(x)",
    "sum(x) / count(x)",
    "stddev(x) * stddev(x)",
    "stddev(x) / avg(x)",
    "max(x) - min(x)",
    "2 * median(x) - count(*)",
];

/// A check as written in a suite, with the expected outcome.
pub struct Check {
    pub column: Option<&'static str>,
    pub text: String,
    pub expected: Expected,
    /// True if partial results of the check's metrics can be merged.
    pub merges: bool,
}

#[derive(Debug)]
pub enum Expected {
    /// True if the value meets its bounds, then the bounds, then the number; none if the number as shown is
    /// not tested.
    Met(bool, Vec<BigRational>, Option<Number>),
    /// The number of groups, and the number of failing groups.
    Groups(usize, usize),
    /// The number of considered rows, and the number of failing rows; none if the check cannot be evaluated.
    Rows(usize, Option<usize>),
}

impl Measure {
    #[expect(clippy::explicit_auto_deref, reason = "without it, the type of the choice is not known")]
    fn any(case: &Case, random: &mut Random) -> Self {
        if case.types[0] == DataType::Boolean {
            return [Self::Sum, Self::Mean, Self::DistinctRatio, Self::NonNullRatio][random.below(4)];
        }
        match random.below(16) {
            0 => Self::Sum,
            1 => Self::Mean,
            2 => Self::Median,
            3 | 4 => Self::Deviation,
            5..8 => Self::Quantile(*random.of(&POSITIONS), *random.of(&INTERPOLATIONS)),
            8 => [Self::Least, Self::Greatest][random.below(2)],
            9 => [Self::DistinctRatio, Self::NonNullRatio][random.below(2)],
            10 if case.types[1] != DataType::Boolean => Self::Correlation,
            _ => Self::Formula(*random.of(&FORMULAS)),
        }
    }

    /// Returns whether the result is rounded to a double.
    fn is_double(self, case: &Case) -> bool {
        let float = |column: usize| matches!(case.types[column], DataType::Float { .. });
        match self {
            Self::DistinctRatio | Self::NonNullRatio => false,
            Self::Correlation => float(0) || float(1),
            _ => float(0),
        }
    }

    fn merges(self) -> bool {
        match self {
            Self::Sum | Self::Mean | Self::Least | Self::Greatest | Self::NonNullRatio => true,
            Self::Deviation | Self::Correlation => true,
            Self::Formula(formula) => !formula.contains("median"),
            Self::Median | Self::Quantile(..) | Self::DistinctRatio => false,
        }
    }

    /// Returns the measure of some rows, if it is defined.
    fn of(self, case: &Case, rows: &[usize]) -> Option<Number> {
        let values = case.numbers(0, rows);
        let exact = match self {
            Self::Sum => Some(measures::sum(&values)),
            Self::Mean => measures::mean(&values),
            Self::Median => measures::quantile(&values, "0.5", "linear"),
            Self::Deviation => measures::deviation(&values),
            Self::Quantile(at, interpolation) => measures::quantile(&values, at, interpolation),
            Self::Least => measures::least(&values),
            Self::Greatest => measures::greatest(&values),
            Self::DistinctRatio => {
                let mut distinct: Vec<Number> = Vec::new();
                for value in &values {
                    if !distinct.contains(value) {
                        distinct.push(value.clone());
                    }
                }
                Some(share(distinct.len(), values.len()))
            }
            Self::NonNullRatio => Some(share(values.len(), rows.len())),
            Self::Correlation => {
                let pair =
                    |row: &usize| Some((Number::of(&case.rows[*row][0])?, Number::of(&case.rows[*row][1])?));
                measures::correlation(&rows.iter().filter_map(pair).collect::<Vec<_>>())
            }
            Self::Formula(formula) => computed(formula, &values, rows.len()),
        };
        // A result computed from floats is the nearest double, unless that would be infinite.
        exact.map(|exact| {
            let nearest = exact.nearest();
            if self.is_double(case) && exact.is_finite() && nearest.is_finite() {
                Number::double(nearest)
            } else {
                exact
            }
        })
    }

    /// Returns the column, and the check's text before and after its bounds.
    fn written(self) -> (Option<&'static str>, String, &'static str) {
        let plain = |name: &str| (Some("x"), format!("{name}: {{"), "}");
        match self {
            Self::Sum => plain("sum"),
            Self::Mean => plain("mean"),
            Self::Median => plain("median"),
            Self::Deviation => plain("stddev"),
            Self::Least => plain("min"),
            Self::Greatest => plain("max"),
            Self::DistinctRatio => plain("distinct_ratio"),
            Self::NonNullRatio => plain("non_null_ratio"),
            Self::Quantile(at, interpolation) => (
                Some("x"),
                format!("quantiles: {{interpolation: {interpolation}, ranges: [{{at: {at}, "),
                "}]}",
            ),
            Self::Correlation => (None, "correlation: {left: x, right: y, ".to_owned(), "}"),
            Self::Formula(formula) => (None, format!("measure: {{of: {formula}, "), "}"),
        }
    }
}

fn share(part: usize, whole: usize) -> Number {
    Number::fraction(&if whole == 0 { BigRational::zero() } else { ratio(part, whole) })
}

fn computed(formula: &str, values: &[Number], rows: usize) -> Option<Number> {
    let mean = || measures::mean(values);
    let least = || measures::least(values);
    let greatest = || measures::greatest(values);
    let median = || measures::quantile(values, "0.5", "linear");
    // If a number is infinite, doubles are used.
    let combined = |left: Option<Number>, right: Option<Number>, sign: i32, factor: i32| {
        let (left, right) = (left?, right?);
        Some(match (measures::fraction(&left), measures::fraction(&right)) {
            (Some(left), Some(right)) => {
                Number::fraction(&(left * ratio(factor, 1) + right * ratio(sign, 1)))
            }
            _ => Number::double(left.nearest() * f64::from(factor) + right.nearest() * f64::from(sign)),
        })
    };
    match formula {
        "sum(x)" => Some(measures::sum(values)),
        "avg(x)" | "sum(x) / count(x)" => mean(),
        "median(x)" => median(),
        "stddev(x)" => measures::deviation(values),
        "min(x)" => least(),
        "max(x)" => greatest(),
        "avg(x) - min(x)" => combined(mean(), least(), -1, 1),
        "max(x) - min(x)" => combined(greatest(), least(), -1, 1),
        "2 * median(x) - count(*)" => combined(median(), Some(Number::fraction(&ratio(rows, 1))), -1, 2),
        "stddev(x) * stddev(x)" => Some(Number::fraction(&measures::variance(values)??)),
        "stddev(x) / avg(x)" => {
            let (variance, mean) = (measures::variance(values)??, measures::fraction(&mean()?)?);
            let negative = mean < BigRational::zero() && !variance.is_zero();
            (!mean.is_zero()).then(|| Number::Root { negative, square: variance / (&mean * &mean) })
        }
        other => panic!("{other}"),
    }
}

/// Bounds on one number.
#[derive(Debug)]
struct Bounds {
    text: String,
    min: Option<(BigRational, bool)>,
    max: Option<(BigRational, bool)>,
}

impl Bounds {
    /// Returns bounds near a number, as its type reads them.
    fn near(
        number: Option<&Number>,
        double: bool,
        own: &[Number],
        strict: bool,
        random: &mut Random,
    ) -> Self {
        let mut bound = || {
            if !own.is_empty() {
                let fraction = measures::fraction(random.of(own)).unwrap_or_else(BigRational::zero);
                let places =
                    (0..400).find(|places| (&fraction * super::number::ten_to(*places)).is_integer());
                return places.map(|places| (written(&fraction, places), fraction));
            }
            let number = number.filter(|number| number.is_finite())?;
            if double {
                let nearest = number.nearest();
                let near = [nearest, nearest.next_up(), nearest.next_down()][random.below(3)];
                return near.is_finite().then(|| (near.to_string(), super::number::of_double(near)));
            }
            let places = u32::try_from([random.below(6), random.below(45)][random.below(2)]).unwrap();
            let fraction = number.about(places)?[random.below(3)].clone();
            Some((written(&fraction, places), fraction))
        };
        let (text, fraction) = bound().unwrap_or_else(|| ("0".to_owned(), BigRational::zero()));
        let (is_min, is_max) = [(true, false), (false, true), (true, true)][random.below(3)];
        let strict = strict && !(is_min && is_max) && random.below(3) == 0;
        let end = |name: &str, wanted: bool| {
            let strictly = if strict { format!(", strict_{name}: true") } else { String::new() };
            wanted.then(|| format!("{name}: {text}{strictly}"))
        };
        let ends: Vec<String> = end("min", is_min).into_iter().chain(end("max", is_max)).collect();
        let side = |wanted: bool| wanted.then(|| (fraction.clone(), strict));
        Self { text: ends.join(", "), min: side(is_min), max: side(is_max) }
    }

    fn met(&self, number: Option<&Number>) -> bool {
        let Some(number) = number else { return false };
        let order = |bound: &BigRational| number.order(&Number::fraction(bound));
        let above = self
            .min
            .as_ref()
            .is_none_or(|(bound, strict)| if *strict { order(bound).is_gt() } else { order(bound).is_ge() });
        let below = self
            .max
            .as_ref()
            .is_none_or(|(bound, strict)| if *strict { order(bound).is_lt() } else { order(bound).is_le() });
        above && below && *number != Number::Nan
    }

    fn ends(&self) -> Vec<BigRational> {
        self.min.iter().chain(&self.max).map(|(bound, _)| bound.clone()).collect()
    }
}

/// Returns a random check on a case. `others` are the rows of a second table.
pub fn check(case: &Case, others: &[usize], random: &mut Random) -> Check {
    let filtered = random.below(3) == 0;
    let rows = case.passing(filtered);
    let filter = if filtered { ", where: f" } else { "" };
    let is_numeric = case.types[0] != DataType::Boolean;
    match random.below(8) {
        0 if is_numeric => far(case, &rows, filter, random),
        1 if is_numeric => same(case, others, filtered, random),
        _ => bounded(case, &rows, filter, random),
    }
}

fn bounded(case: &Case, rows: &[usize], filter: &str, random: &mut Random) -> Check {
    let measure = Measure::any(case, random);
    let grouped = random.below(3) == 0;
    let groups = if grouped { case.groups(rows) } else { Vec::new() };
    let about = if groups.is_empty() { rows } else { random.of(&groups) };
    let value = measure.of(case, about);
    let is_extreme = matches!(measure, Measure::Least | Measure::Greatest);
    let own: Vec<Number> = if is_extreme {
        case.numbers(0, rows).into_iter().filter(Number::is_finite).collect()
    } else {
        Vec::new()
    };
    let strict = !matches!(measure, Measure::Quantile(..));
    let bounds = Bounds::near(value.as_ref(), measure.is_double(case), &own, strict, random);
    let (column, before, behind) = measure.written();
    let by = if grouped { ", group_by: g" } else { "" };
    let text = format!("{before}{}{behind}{filter}{by}", bounds.text);
    let expected = if grouped {
        let met = |rows: &&Vec<usize>| !bounds.met(measure.of(case, rows).as_ref());
        Expected::Groups(groups.len(), groups.iter().filter(met).count())
    } else {
        // The number as shown is not tested for doubles and extremes.
        let shown = value.clone().filter(|_| !measure.is_double(case) && !is_extreme);
        Expected::Met(bounds.met(value.as_ref()), bounds.ends(), shown)
    };
    Check { column, text, expected, merges: measure.merges() && !grouped }
}

/// Returns a rule that compares a value with all other values.
fn far(case: &Case, rows: &[usize], filter: &str, random: &mut Random) -> Check {
    let values = case.numbers(0, rows);
    let times = *random.of(&["1", "0.5", "1.5", "2", "3", "0.7071067811865476", "1e-3", "0.1"]);
    let (text, failing) = match random.below(4) {
        0 => (format!("z_score: {times}"), measures::far(&values, times, true)),
        1 => {
            let times = if random.below(2) == 0 { times.to_owned() } else { format!("-{times}") };
            let text = format!("z_score: {{threshold: {times}, double_sided: false}}");
            (text, measures::far(&values, &times, false))
        }
        2 => {
            let text = format!("not_outlier: {{method: std, multiplier: {times}}}");
            (text, measures::far(&values, times, true))
        }
        _ => {
            let text = format!("not_outlier: {{method: iqr, multiplier: {times}}}");
            (text, measures::beyond_fences(&values, times))
        }
    };
    let expected = Expected::Rows(values.len(), failing);
    Check { column: Some("x"), text: text + filter, expected, merges: false }
}

/// Returns a check that compares a number with the same number of another table.
fn same(case: &Case, others: &[usize], filtered: bool, random: &mut Random) -> Check {
    let formula = *random.of(&FORMULAS);
    let measure = Measure::Formula(formula);
    let passing = |row: &&usize| !filtered || case.passes[**row] == Some(true);
    let others: Vec<usize> = others.iter().filter(passing).copied().collect();
    let [here, there] = [&case.passing(filtered), &others].map(|rows| measure.of(case, rows));
    let tolerance = *random.of(&["0", "0", "0.1", "1e-9", "1 %"]);
    let apart = |here: &Number, there: &Number| match (measures::fraction(here), measures::fraction(there)) {
        (Some(left), Some(right)) => {
            let most = match tolerance.strip_suffix(" %") {
                Some(percent) => read(percent) * &right / ratio(100, 1),
                None => read(tolerance),
            };
            let (apart, zero) = (left - right, BigRational::zero());
            let magnitude = |of: BigRational| if of < zero { -of } else { of };
            magnitude(apart) <= magnitude(most)
        }
        _ => here == there && *here != Number::Nan,
    };
    // Roots are compared without a tolerance.
    let is_rational = |number: &Option<Number>| {
        number
            .as_ref()
            .is_none_or(|number| measures::fraction(number).is_none_or(|of| Number::fraction(&of) == *number))
    };
    let tolerance = if is_rational(&here) && is_rational(&there) { tolerance } else { "0" };
    let met = match (&here, &there) {
        (Some(here), Some(there)) if tolerance == "0" => here == there && *here != Number::Nan,
        (Some(here), Some(there)) => apart(here, there),
        _ => false,
    };
    let filter = if filtered { ", where: f" } else { "" };
    let text = format!("same_as: {{data: other, of: {formula}, tolerance: {tolerance}}}{filter}");
    Check { column: None, text, expected: Expected::Met(met, Vec::new(), None), merges: false }
}
