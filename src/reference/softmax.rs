//! `y[c] = exp(x[c] - max x) / sum exp(x[c'] - max x)` over the channels, or its
//! logarithm.

use super::Maps;
use crate::layers::Softmax;

pub fn element(layer: &Softmax, x: &Maps, [n, i, j, c]: [usize; 4]) -> f64 {
    let x = x.pixel([n, i, j]);
    let largest = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = x.iter().map(|x| (x - largest).exp()).sum();
    match layer.logarithmic {
        true => x[c] - largest - sum.ln(),
        false => (x[c] - largest).exp() / sum,
    }
}
