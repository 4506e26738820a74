//! `y[c] = x[c] * scale[c]^-beta` with `scale[c] = k + alpha / size * sum x[c']^2`
//! over the `size` channels from `c - (size - 1) / 2` on, those that exist.

use std::ops::Range;

use alexnet_live::layers::LocalResponseNorm;

use super::{Gradients, Tensor};

pub fn forward(layer: &LocalResponseNorm, x: &Tensor) -> Tensor {
    let mut y = x.clone();
    let rows = x.values.chunks(x.channels());
    for (x, y) in rows.zip(y.values.chunks_mut(x.channels())) {
        for (c, y) in y.iter_mut().enumerate() {
            *y = x[c] * scale(layer, x, c).powf(-f64::from(layer.beta));
        }
    }
    y
}

/// `dx[c'] = dy[c'] * scale[c']^-beta - x[c'] * 2 beta alpha / size *
/// sum dy[c] * x[c] * scale[c]^(-beta - 1)`, the sum over the `c` that saw `c'`.
pub fn backward(layer: &LocalResponseNorm, x: &Tensor, dy: &Tensor) -> Gradients {
    let (beta, slope) = (f64::from(layer.beta), slope(layer));
    let channels = x.channels();
    let mut dx = Tensor::zeros(&x.shape);
    let rows = x.values.chunks(channels).zip(dy.values.chunks(channels));
    for ((x, dy), dx) in rows.zip(dx.values.chunks_mut(channels)) {
        for c in 0..channels {
            let scale = scale(layer, x, c);
            dx[c] += dy[c] * scale.powf(-beta);
            for seen in neighbours(layer, channels, c) {
                dx[seen] -= dy[c] * x[c] * beta * scale.powf(-beta - 1.0) * slope * 2.0 * x[seen];
            }
        }
    }
    Gradients::of_input(dx)
}

fn scale(layer: &LocalResponseNorm, x: &[f64], c: usize) -> f64 {
    let squares: f64 = neighbours(layer, x.len(), c).map(|c| x[c] * x[c]).sum();
    f64::from(layer.k) + slope(layer) * squares
}

fn slope(layer: &LocalResponseNorm) -> f64 {
    f64::from(layer.alpha) / layer.size as f64
}

fn neighbours(layer: &LocalResponseNorm, channels: usize, c: usize) -> Range<usize> {
    let before = (layer.size - 1) / 2;
    c.saturating_sub(before)..(c + layer.size - before).min(channels)
}
