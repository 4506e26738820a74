//! `dx[i'] = dy[i'] * scale[i']^-beta - x[i'] * 2 beta alpha / count *
//! sum dy[i] * x[i] * scale[i]^(-beta - 1)`, the sum over the `i` that saw `i'`, with
//! `scale[i] = k + alpha / count * sum x[i']^2`.

use std::ops::Range;

use alexnet_live::layers::LocalResponseNorm;

use super::{Gradients, Tensor};

pub fn backward(layer: &LocalResponseNorm, x: &Tensor, dy: &Tensor) -> Gradients {
    let (beta, slope) = (f64::from(layer.beta), slope(layer));
    let mut dx = Tensor::zeros(&x.shape);
    for (i, dy) in dy.values.iter().enumerate() {
        let scale = scale(layer, x, i);
        dx.values[i] += dy * scale.powf(-beta);
        for seen in neighbours(layer, x, i) {
            let falls = 2.0 * x.values[seen] * slope * beta * scale.powf(-beta - 1.0);
            dx.values[seen] -= dy * x.values[i] * falls;
        }
    }
    Gradients::of_input(dx)
}

fn scale(layer: &LocalResponseNorm, x: &Tensor, i: usize) -> f64 {
    let squares: f64 = neighbours(layer, x, i)
        .into_iter()
        .map(|i| x.values[i].powi(2))
        .sum();
    f64::from(layer.k) + slope(layer) * squares
}

fn slope(layer: &LocalResponseNorm) -> f64 {
    let count = match layer.within_map {
        true => layer.size * layer.size,
        false => layer.size,
    };
    f64::from(layer.alpha) / count as f64
}

fn neighbours(layer: &LocalResponseNorm, x: &Tensor, i: usize) -> Vec<usize> {
    let channels = x.channels();
    if !layer.within_map {
        let first = i - i % channels;
        return around(layer, i % channels, channels)
            .map(|c| first + c)
            .collect();
    }
    let (height, width) = (x.shape[1], x.shape[2]);
    let (column, row) = (i / channels % width, i / (channels * width) % height);
    let sample = i / (channels * width * height);
    let at = |row: usize, column: usize| {
        ((sample * height + row) * width + column) * channels + i % channels
    };
    let columns = || around(layer, column, width);
    let rows = around(layer, row, height);
    rows.flat_map(|row| columns().map(move |column| (row, column)))
        .map(|(row, column)| at(row, column))
        .collect()
}

fn around(layer: &LocalResponseNorm, position: usize, size: usize) -> Range<usize> {
    let before = (layer.size - 1) / 2;
    position.saturating_sub(before)..(position + layer.size - before).min(size)
}
