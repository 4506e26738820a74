//! Sorting by one function for all types: the code of each type's own would
//! take 4 KB in the page's module.

use std::cmp::Ordering;

/// The indices below `count` in the order of `compare`, equal ones ascending.
pub fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_unstable_by(|a, b| compare(*a, *b).then(a.cmp(b)));
    order
}
