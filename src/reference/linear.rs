//! `y[n,o] = bias[o] + sum_i x[n,i] * weight[o,i]`.

use super::{Filter, Maps};

pub fn element(x: &Maps, filter: Filter, [n, ..]: [usize; 4]) -> f64 {
    let mut sum = filter.bias;
    for (x, weight) in x.pixel([n, 0, 0]).iter().zip(filter.weight) {
        sum += x * weight;
    }
    sum
}
