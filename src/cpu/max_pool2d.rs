//! Mirror of `shaders/max_pool2d.wgsl`: the largest value under a window, and the tap
//! that won.

use crate::accumulate::store;
use crate::contract::max_pool2d::{BackwardInput, Constants, Forward, ForwardSaving, Mirror};
use crate::simd::Processor;
use crate::window::axes;

/// A tap on the input.
struct Tap<'a> {
    /// The pixel of y whose window it belongs to.
    pixel: usize,
    /// Its number.
    number: u32,
    /// Whether it is the first of its window.
    first: bool,
    /// The channels under it.
    x: &'a [f32],
}

impl Tap<'_> {
    /// Whether `x` wins against what won before; NaN does, and nothing wins against it.
    fn wins(&self, x: f32, before: f32) -> bool {
        self.first || x > before || x.is_nan()
    }
}

/// Calls `visit` for every tap on the input, those of a window in order.
fn each_tap(constants: &Constants, x: &[f32], mut visit: impl FnMut(Tap<'_>)) {
    let [rows, columns] = axes!(constants);
    let channels = constants.channels;
    let samples = x.chunks_exact(rows.input * columns.input * channels);
    for (sample, x) in samples.take(constants.batch).enumerate() {
        for row in 0..rows.output {
            for column in 0..columns.output {
                let pixel = (sample * rows.output + row) * columns.output + column;
                let mut first = true;
                for (ky, in_row) in rows.taps(row) {
                    for (kx, in_column) in columns.taps(column) {
                        let at = (in_row * columns.input + in_column) * channels;
                        visit(Tap {
                            pixel,
                            number: (ky * columns.kernel + kx) as u32,
                            first,
                            x: &x[at..][..channels],
                        });
                        first = false;
                    }
                }
            }
        }
    }
}

fn pixels(constants: &Constants) -> usize {
    constants.batch * constants.out_height * constants.out_width
}

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, arguments: Forward<'_>) {
        let Forward { x, y, .. } = arguments;
        let channels = constants.channels;
        y[..pixels(constants) * channels].fill(f32::MIN);
        each_tap(constants, x, |tap| {
            let own = &mut y[tap.pixel * channels..][..channels];
            for (y, x) in own.iter_mut().zip(tap.x) {
                *y = if tap.wins(*x, *y) { *x } else { *y };
            }
        });
    }

    fn forward_saving(&self, constants: &Constants, arguments: ForwardSaving<'_>) {
        let ForwardSaving { x, y, argmax, .. } = arguments;
        let channels = constants.channels;
        y[..pixels(constants) * channels].fill(f32::MIN);
        argmax[..pixels(constants) * channels].fill(0);
        each_tap(constants, x, |tap| {
            let own = tap.pixel * channels..(tap.pixel + 1) * channels;
            let best = y[own.clone()].iter_mut().zip(&mut argmax[own]);
            for ((y, argmax), x) in best.zip(tap.x) {
                let wins = tap.wins(*x, *y);
                *y = if wins { *x } else { *y };
                *argmax = if wins { tap.number } else { *argmax };
            }
        });
    }

    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput { winner, dy, dx, .. } = arguments;
        let [rows, columns] = axes!(constants);
        let channels = constants.channels;
        let mut sums = vec![0.0; channels];
        let pixels = dx.chunks_exact_mut(channels);
        let pixels = pixels.take(constants.batch * rows.input * columns.input);
        for (pixel, dx) in pixels.enumerate() {
            let (row, column) = (pixel / columns.input % rows.input, pixel % columns.input);
            let sample = pixel / (rows.input * columns.input);
            sums.fill(0.0);
            for (out_row, ky) in rows.windows(row) {
                for (out_column, kx) in columns.windows(column) {
                    let window = (sample * rows.output + out_row) * columns.output + out_column;
                    let own = window * channels..(window + 1) * channels;
                    let tap = (ky * columns.kernel + kx) as u32;
                    let won = winner[own.clone()].iter().zip(&dy[own]);
                    for (sum, (winner, dy)) in sums.iter_mut().zip(won) {
                        *sum += if *winner == tap { *dy } else { 0.0 };
                    }
                }
            }
            store(dx, constants.accumulate, sums.iter().copied());
        }
    }
}
