//! Mirror of `shaders/local_response_norm.wgsl`: across channels or within a map.

use std::ops::RangeInclusive;

use crate::contract::local_response_norm::{
    BackwardInput, Constants, Forward, ForwardSaving, Mirror,
};
use crate::simd::Processor;

/// How far a window reaches down and up.
fn reach(constants: &Constants) -> (usize, usize) {
    ((constants.size - 1) / 2, constants.size / 2)
}

/// The positions of a window around one of `size` positions.
fn around(position: usize, size: usize, (down, up): (usize, usize)) -> RangeInclusive<usize> {
    position.saturating_sub(down)..=(position + up).min(size - 1)
}

/// Sums `value(index)` over the window of each channel of a pixel.
fn window_sums(
    constants: &Constants,
    pixel: usize,
    reach: (usize, usize),
    sums: &mut [f32],
    value: impl Fn(usize) -> f32,
) {
    let channels = constants.channels;
    sums.fill(0.0);
    if !constants.within_map {
        for (channel, sum) in sums.iter_mut().enumerate() {
            let window = around(channel, channels, reach);
            *sum = window.map(|c| value(pixel * channels + c)).sum();
        }
        return;
    }
    let (height, width) = (constants.height, constants.width);
    let sample = pixel / (height * width);
    for row in around(pixel / width % height, height, reach) {
        for column in around(pixel % width, width, reach) {
            let at = ((sample * height + row) * width + column) * channels;
            for (channel, sum) in sums.iter_mut().enumerate() {
                *sum += value(at + channel);
            }
        }
    }
}

/// Squares that the mean is taken of.
fn count(constants: &Constants) -> f32 {
    match constants.within_map {
        true => (constants.size * constants.size) as f32,
        false => constants.size as f32,
    }
}

/// Calls `visit(index, base of the power)` for every element.
fn each_base(constants: &Constants, x: &[f32], mut visit: impl FnMut(usize, f32)) {
    let mut sums = vec![0.0; constants.channels];
    for pixel in 0..constants.pixels {
        let square = |index: usize| x[index] * x[index];
        window_sums(constants, pixel, reach(constants), &mut sums, square);
        for (channel, sum) in sums.iter().enumerate() {
            let base = constants.k + constants.alpha / count(constants) * sum;
            visit(pixel * constants.channels + channel, base);
        }
    }
}

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, Forward { x, y }: Forward<'_>) {
        each_base(constants, x, |index, base| {
            y[index] = x[index] * base.powf(-constants.beta);
        });
    }

    fn forward_saving(&self, constants: &Constants, arguments: ForwardSaving<'_>) {
        let ForwardSaving { x, y, scale } = arguments;
        each_base(constants, x, |index, base| {
            scale[index] = base;
            y[index] = x[index] * base.powf(-constants.beta);
        });
    }

    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput {
            x,
            saved,
            value,
            dy,
            dx,
        } = arguments;
        let channels = constants.channels;
        // What an element adds to the sum of those in its window.
        let share = |index: usize| dy[index] * value[index] / saved[index];
        let factor = 2.0 * constants.alpha * constants.beta / count(constants);
        // The windows that hold an element reach the other way round.
        let (down, up) = reach(constants);
        let mut sums = vec![0.0; channels];
        for pixel in 0..constants.pixels {
            window_sums(constants, pixel, (up, down), &mut sums, share);
            for (channel, sum) in sums.iter().enumerate() {
                let index = pixel * channels + channel;
                let own = dy[index] * saved[index].powf(-constants.beta);
                let gradient = own - factor * x[index] * sum;
                let before = if constants.accumulate { dx[index] } else { 0.0 };
                dx[index] = before + gradient;
            }
        }
    }
}
