//! The distribution of the Kolmogorov-Smirnov statistic.

use statrs::function::gamma::ln_gamma;

use super::double;

/// The most values for which the distribution is computed exactly. Above, the limit distribution is off by
/// less than 0.00002.
const MOST_EXACT: usize = 2_000;

/// Returns the probability that `count` values drawn from a distribution have at least this distance from it.
pub(super) fn p_value(count: usize, distance: f64) -> f64 {
    let n = double(count);
    let chance = if distance >= 1.0 {
        0.0
    } else if n * distance <= 0.5 {
        // No sample has a smaller distance.
        1.0
    } else if count > MOST_EXACT {
        limit(n, distance)
    } else if n * distance * distance > 4.0 || distance >= 0.5 {
        // A sample hardly ever has such a distance on both sides, so twice the one-sided probability is
        // close.
        2.0 * one_sided(count, distance)
    } else {
        1.0 - within(count, distance)
    };
    chance.clamp(0.0, 1.0)
}

/// Returns the probability of at least this distance to one side, by the sum of Birnbaum and Tingey (1951).
fn one_sided(count: usize, distance: f64) -> f64 {
    let n = double(count);
    let terms = (0..=count).map(double).take_while(|j| *j < n * (1.0 - distance)).map(|j| {
        let choices = ln_gamma(n + 1.0) - ln_gamma(j + 1.0) - ln_gamma(n - j + 1.0);
        let share = distance + j / n;
        (choices + (j - 1.0) * share.ln() + (n - j) * (1.0 - share).ln()).exp()
    });
    distance * terms.sum::<f64>()
}

/// Returns Kolmogorov's limit, with the correction of Vrbik (2018) for finite numbers of values.
fn limit(n: f64, distance: f64) -> f64 {
    let scaled = n.sqrt() * distance;
    let z = scaled + 1.0 / (6.0 * n.sqrt()) + (scaled - 1.0) / (4.0 * n);
    if z < 0.2 {
        // The series below would not converge; the probability is 1 to the last digit.
        return 1.0;
    }
    let terms = (1..=30).map(|k: i32| {
        let term = (-2.0 * f64::from(k * k) * z * z).exp();
        if k % 2 == 1 { term } else { -term }
    });
    2.0 * terms.sum::<f64>()
}

/// Returns the probability of a smaller distance: an element of a power of a matrix, after Marsaglia, Tsang
/// and Wang (2003).
fn within(count: usize, distance: f64) -> f64 {
    let n = double(count);
    let mut k = 1;
    while double(k) <= n * distance {
        k += 1;
    }
    let (power, mut exponent) = power(transitions(k, double(k) - n * distance), count);
    let mut chance = power[k - 1][k - 1];
    // Multiplies by n!/nⁿ. The exponent of ten is kept apart so that no intermediate product underflows.
    for factor in 1..=count {
        chance *= double(factor) / n;
        if chance < TINY {
            chance /= TINY;
            exponent -= TINY_EXPONENT;
        }
    }
    chance * 10_f64.powi(exponent)
}

type Matrix = Vec<Vec<f64>>;

const TINY: f64 = 1e-140;
const TINY_EXPONENT: i32 = 140;

/// Returns the matrix to be raised to the n-th power, for the fraction by which k exceeds the scaled
/// distance.
fn transitions(k: usize, fraction: f64) -> Matrix {
    let size = 2 * k - 1;
    let corner = (2.0 * fraction - 1.0).max(0.0).powf(double(size));
    let mut factorials = vec![1.0];
    for number in 1..=size {
        factorials.push(factorials[number - 1] * double(number));
    }
    let element = |row: usize, column: usize| {
        if column > row + 1 {
            return 0.0;
        }
        let mut value = 1.0;
        if column == 0 {
            value -= fraction.powf(double(row + 1));
        }
        if row == size - 1 {
            value -= fraction.powf(double(size - column));
        }
        if column == 0 && row == size - 1 {
            value += corner;
        }
        value / factorials[row + 1 - column]
    };
    (0..size).map(|row| (0..size).map(|column| element(row, column)).collect()).collect()
}

/// Returns a power of a matrix, and the exponent of ten by which to multiply it.
fn power(base: Matrix, exponent: usize) -> (Matrix, i32) {
    let mut result: Option<(Matrix, i32)> = None;
    let (mut square, mut scale, mut rest) = (base, 0, exponent);
    while rest > 0 {
        if rest % 2 == 1 {
            result = Some(match result {
                Some((matrix, so_far)) => scaled(product(&matrix, &square), so_far + scale),
                None => (square.clone(), scale),
            });
        }
        rest /= 2;
        if rest > 0 {
            (square, scale) = scaled(product(&square, &square), 2 * scale);
        }
    }
    result.unwrap_or((square, scale))
}

fn product(left: &Matrix, right: &Matrix) -> Matrix {
    let row_times = |row: &Vec<f64>| {
        let mut sums = vec![0.0; right.len()];
        for (factor, other) in row.iter().zip(right) {
            for (sum, element) in sums.iter_mut().zip(other) {
                *sum += factor * element;
            }
        }
        sums
    };
    left.iter().map(row_times).collect()
}

/// Scales the elements down before they overflow, and counts the scale in the exponent.
fn scaled(mut matrix: Matrix, exponent: i32) -> (Matrix, i32) {
    let middle = matrix.len() / 2;
    if matrix[middle][middle] < 1.0 / TINY {
        return (matrix, exponent);
    }
    matrix.iter_mut().flatten().for_each(|element| *element *= TINY);
    (matrix, exponent + TINY_EXPONENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected values are those of scipy 1.17.1: `stats.kstwo.sf`, and `_ksstats._kolmogn_DMTW` where
    /// that is not exact.
    #[test]
    #[expect(clippy::unreadable_literal, reason = "as scipy writes them")]
    fn chances_are_those_of_scipy() {
        for (count, distance, expected, within) in [
            (1, 0.7, 0.6000000000000001, 1e-9),
            (2, 0.3, 0.98, 1e-9),
            (5, 0.12, 0.999987712, 1e-9),
            (5, 0.2, 0.9616, 1e-9),
            (10, 0.3, 0.27053557479999946, 1e-9),
            (10, 0.274, 0.3715203845434957, 1e-9),
            (20, 0.29407, 0.05000662420784474, 1e-9),
            (50, 0.1, 0.6623112704658186, 1e-9),
            (100, 0.2, 0.0005551927327988775, 1e-9),
            (140, 0.11, 0.06252511429470399, 1e-9),
            (141, 0.05, 0.8548431089865255, 1e-9),
            (500, 0.06, 0.05243459577151481, 1e-9),
            (500, 0.1, 8.342293067263533e-05, 1e-9),
            (2000, 0.02, 0.3953133720031086, 1e-9),
            (2000, 0.035, 0.014538075222910169, 1e-9),
            (2001, 0.01, 0.9871020885980286, 2e-5),
            (10000, 0.0136, 0.04903580807632146, 2e-5),
            (1000000, 0.001, 0.26982107442589376, 2e-5),
            (100000, 0.01, 4.093278023549254e-09, 2e-5),
        ] {
            let found = p_value(count, distance);
            assert!((found - expected).abs() <= within, "{count} {distance}: {found}, not {expected}");
        }
    }
}
