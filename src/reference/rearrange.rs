//! `y[n, i] = x[n, offset + i_0 * stride_0 + ...]`, both counted through a sample.

use super::{Maps, size};
use crate::layers::Rearrange;

pub fn element(layer: &Rearrange, x: &Maps, [n, i, j, c]: [usize; 4]) -> f64 {
    let [_, _, width, channels] = size(1, &layer.shape);
    let sample: usize = x.size[1..].iter().product();
    let index = (i * width + j) * channels + c;
    x.values[n * sample + layer.source(index)]
}
