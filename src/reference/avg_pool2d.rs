//! `y[n,i,j,c] = mean x[n, i*s+ky*d-p, j*s+kx*d-p, c]`. The divisor counts the
//! taps on the input and, if asked, those on the padding; never those that hang
//! over beyond it in ceil mode.

use super::{Maps, taps};
use crate::layers::{AvgPool2d, Window};

pub fn element(layer: &AvgPool2d, x: &Maps, [n, i, j, c]: [usize; 4]) -> f64 {
    let [_, height, width, _] = x.size;
    let window = layer.window_over(height, width);
    let on_input = taps(&window, [i, j], [height, width]);
    let [top, left, bottom, right] = window.padding;
    let count = match layer.count_include_pad {
        // As if the padding were a part of the input.
        true => {
            let padded = [top + height + bottom, left + width + right];
            let padding = [0; 4];
            taps(&Window { padding, ..window }, [i, j], padded).count()
        }
        false => on_input.clone().count(),
    };
    let mut sum = 0.0;
    for tap in on_input {
        sum += x.at([n, tap.row, tap.column, c]);
    }
    // A window on padding that does not count has the mean 0.
    sum / count.max(1) as f64
}
