//! `y[n,i,j,c] = max x[n, i*s+ky*d-p, j*s+kx*d-p, c]`, padding never wins and NaN does. A
//! window on padding alone gives the lowest number, since WGSL has no infinity.

use super::{Maps, taps};
use crate::layers::MaxPool2d;

pub fn element(layer: &MaxPool2d, x: &Maps, [n, i, j, c]: [usize; 4]) -> f64 {
    let [_, height, width, _] = x.size;
    let under = taps(&layer.window, [i, j], [height, width]);
    let values = under.map(|tap| x.at([n, tap.row, tap.column, c]));
    let largest = values.reduce(|largest, x| match x > largest || x.is_nan() {
        true => x,
        false => largest,
    });
    largest.unwrap_or(f32::MIN.into())
}
