//! What there is of each metric of a plan, by the metric's id.

use std::ops::{Index, IndexMut};

use serde::Serialize;

/// A metric of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct MetricId(usize);

impl MetricId {
    /// Its number among the metrics of its plan, from 0.
    #[must_use]
    pub const fn number(self) -> usize {
        self.0
    }
}

/// One of something for each metric of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PerMetric<T>(Vec<T>);

impl<T> Default for PerMetric<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> PerMetric<T> {
    /// Adds that of a further metric, and gives the id of that.
    pub fn push(&mut self, of: T) -> MetricId {
        self.0.push(of);
        MetricId(self.0.len() - 1)
    }

    /// Returns how many metrics there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All ids, in the order of the plan.
    pub fn ids(&self) -> impl Iterator<Item = MetricId> + use<T> {
        (0..self.0.len()).map(MetricId)
    }

    /// That of each metric, in the order of the plan.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// The same, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.0.iter_mut()
    }

    /// That of each metric with its id.
    pub fn entries(&self) -> impl Iterator<Item = (MetricId, &T)> {
        self.ids().zip(&self.0)
    }

    /// That of a metric, if it is one of this plan.
    #[must_use]
    pub fn get(&self, metric: MetricId) -> Option<&T> {
        self.0.get(metric.0)
    }

    /// Something else of each.
    pub fn map<U>(&self, of: impl FnMut(&T) -> U) -> PerMetric<U> {
        PerMetric(self.0.iter().map(of).collect())
    }

    /// One for each metric, made of its id.
    pub fn of_ids<U>(&self, of: impl FnMut(MetricId) -> U) -> PerMetric<U> {
        PerMetric(self.ids().map(of).collect())
    }
}

impl<T> FromIterator<T> for PerMetric<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

impl<'a, T> IntoIterator for &'a PerMetric<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut PerMetric<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}

/// An id is of the plan that it is used with.
impl<T> Index<MetricId> for PerMetric<T> {
    type Output = T;

    fn index(&self, metric: MetricId) -> &T {
        &self.0[metric.0]
    }
}

impl<T> IndexMut<MetricId> for PerMetric<T> {
    fn index_mut(&mut self, metric: MetricId) -> &mut T {
        &mut self.0[metric.0]
    }
}
