//! `y[n,i,j,c] = max x[n, i*s+ky*d-p, j*s+kx*d-p, c]`, padding never wins. A window
//! on padding alone gives the lowest number, since WGSL has no infinity.

use super::{Maps, taps};
use crate::layers::MaxPool2d;

pub fn element(layer: &MaxPool2d, x: &Maps, [n, i, j, c]: [usize; 4]) -> f64 {
    let [_, height, width, _] = x.size;
    let mut largest = f32::MIN.into();
    for tap in taps(&layer.window, [i, j], [height, width]) {
        largest = f64::max(largest, x.at([n, tap.row, tap.column, c]));
    }
    largest
}
