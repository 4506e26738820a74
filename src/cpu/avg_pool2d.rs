//! Mirror of `shaders/avg_pool2d.wgsl`: the mean under a window, its divisor by the rules
//! of padding and ceil mode.

use crate::accumulate::store;
use crate::contract::avg_pool2d::{BackwardInput, Constants, Forward, Mirror};
use crate::simd::Processor;
use crate::window::{Axis, axes};

/// The divisor of the window at a row and a column: a rectangle of taps that count.
fn divisor(constants: &Constants, row: usize, column: usize) -> f32 {
    let [rows, columns] = axes!(constants);
    let counting = |axis: Axis, window: usize, after: usize| {
        if !constants.count_include_pad {
            return axis.taps(window).count();
        }
        let end = axis.padding + axis.input + after;
        let position = |tap: &usize| window * axis.stride + tap * axis.dilation;
        (0..axis.kernel).filter(|tap| position(tap) < end).count()
    };
    let taps = counting(rows, row, constants.padding_bottom)
        * counting(columns, column, constants.padding_right);
    // A window on padding that does not count has the mean 0.
    taps.max(1) as f32
}

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, arguments: Forward<'_>) {
        let Forward { x, y, .. } = arguments;
        let [rows, columns] = axes!(constants);
        let channels = constants.channels;
        let pixels = constants.batch * rows.output * columns.output;
        for (pixel, y) in y.chunks_exact_mut(channels).take(pixels).enumerate() {
            let (row, column) = (pixel / columns.output % rows.output, pixel % columns.output);
            let sample = pixel / (rows.output * columns.output);
            y.fill(0.0);
            for (_, in_row) in rows.taps(row) {
                for (_, in_column) in columns.taps(column) {
                    let at = (sample * rows.input + in_row) * columns.input + in_column;
                    for (y, x) in y.iter_mut().zip(&x[at * channels..]) {
                        *y += x;
                    }
                }
            }
            let divisor = divisor(constants, row, column);
            for y in y {
                *y /= divisor;
            }
        }
    }

    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput { dy, dx, .. } = arguments;
        let [rows, columns] = axes!(constants);
        let channels = constants.channels;
        let mut sums = vec![0.0; channels];
        let pixels = constants.batch * rows.input * columns.input;
        for (pixel, dx) in dx.chunks_exact_mut(channels).take(pixels).enumerate() {
            let (row, column) = (pixel / columns.input % rows.input, pixel % columns.input);
            let sample = pixel / (rows.input * columns.input);
            sums.fill(0.0);
            for (out_row, _) in rows.windows(row) {
                for (out_column, _) in columns.windows(column) {
                    let window = (sample * rows.output + out_row) * columns.output + out_column;
                    let divisor = divisor(constants, out_row, out_column);
                    for (sum, dy) in sums.iter_mut().zip(&dy[window * channels..]) {
                        *sum += dy / divisor;
                    }
                }
            }
            store(dx, constants.accumulate, sums.iter().copied());
        }
    }
}
