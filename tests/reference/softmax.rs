//! `y[c] = exp(x[c] - max x) / sum exp(x[c'] - max x)` over the last dimension.

use super::{Gradients, Tensor};

pub fn forward(x: &Tensor) -> Tensor {
    let mut y = x.clone();
    for row in y.values.chunks_mut(x.channels()) {
        let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        row.iter_mut().for_each(|x| *x = (*x - largest).exp());
        let sum: f64 = row.iter().sum();
        row.iter_mut().for_each(|y| *y /= sum);
    }
    y
}

/// `dx[c] = y[c] * (dy[c] - sum y[c'] * dy[c'])`.
pub fn backward(x: &Tensor, dy: &Tensor) -> Gradients {
    let mut dx = forward(x);
    let channels = x.channels();
    for (row, dy) in dx
        .values
        .chunks_mut(channels)
        .zip(dy.values.chunks(channels))
    {
        let mean: f64 = row.iter().zip(dy).map(|(y, dy)| y * dy).sum();
        row.iter_mut().zip(dy).for_each(|(y, dy)| *y *= dy - mean);
    }
    Gradients::of_input(dx)
}
