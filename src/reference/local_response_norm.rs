//! `y = x * (k + alpha / count * sum x'^2)^-beta`, the sum over the `size` channels
//! from `c - (size - 1) / 2` on, those that exist; within a map over as many rows and
//! columns of it. `count` is the size, within a map its square.

use super::Maps;
use crate::layers::LocalResponseNorm;

pub fn element(layer: &LocalResponseNorm, x: &Maps, [n, i, j, c]: [usize; 4]) -> f64 {
    let [_, height, width, channels] = x.size;
    let around = |position: usize, size: usize| {
        let before = (layer.size - 1) / 2;
        position.saturating_sub(before)..(position + layer.size - before).min(size)
    };
    let (rows, columns, channels, count) = match layer.within_map {
        true => {
            let count = layer.size * layer.size;
            (around(i, height), around(j, width), c..c + 1, count)
        }
        false => (i..i + 1, j..j + 1, around(c, channels), layer.size),
    };
    let mut squares = 0.0;
    for row in rows {
        for column in columns.clone() {
            for x in &x.pixel([n, row, column])[channels.clone()] {
                squares += x * x;
            }
        }
    }
    let scale = f64::from(layer.k) + f64::from(layer.alpha) / count as f64 * squares;
    // scale^-beta, without a power's 2 KB in the page's module.
    x.at([n, i, j, c]) * (-f64::from(layer.beta) * scale.ln()).exp()
}
