//! Values for each metric of a plan, by the metric's id.

use std::ops::{Index, IndexMut};

use serde::Serialize;

/// The id of a metric in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct MetricId(usize);

impl MetricId {
    /// Returns the position of the metric in its plan, from 0.
    #[must_use]
    pub const fn number(self) -> usize {
        self.0
    }
}

/// One value for each metric of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PerMetric<T>(Vec<T>);

impl<T> Default for PerMetric<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> PerMetric<T> {
    /// Adds the value of a further metric, and returns the id of that metric.
    pub fn push(&mut self, of: T) -> MetricId {
        self.0.push(of);
        MetricId(self.0.len() - 1)
    }

    /// Returns the number of metrics.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the plan has no metrics.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns all ids, in the order of the plan.
    pub fn ids(&self) -> impl Iterator<Item = MetricId> + use<T> {
        (0..self.0.len()).map(MetricId)
    }

    /// Returns the value of each metric, in the order of the plan.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// Returns the value of each metric mutably, in the order of the plan.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.0.iter_mut()
    }

    /// Returns the value of each metric with the metric's id.
    pub fn entries(&self) -> impl Iterator<Item = (MetricId, &T)> {
        self.ids().zip(&self.0)
    }

    /// Returns the value of a metric, if the id belongs to this plan.
    #[must_use]
    pub fn get(&self, metric: MetricId) -> Option<&T> {
        self.0.get(metric.0)
    }

    /// Computes another value for each metric from its value.
    pub fn map<U>(&self, of: impl FnMut(&T) -> U) -> PerMetric<U> {
        PerMetric(self.0.iter().map(of).collect())
    }

    /// Computes another value for each metric from its id.
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

/// An id must belong to the plan with which it is used.
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
