//! Mirror of `shaders/softmax.wgsl`, over the last dimension.

use crate::accumulate::store;
use crate::contract::softmax::{BackwardInput, Constants, Forward, Mirror};
use crate::simd::Processor;

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, Forward { x, y }: Forward<'_>) {
        let rows = y.chunks_exact_mut(constants.channels);
        let rows = rows.zip(x.chunks_exact(constants.channels));
        for (y, x) in rows.take(constants.rows) {
            let largest = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            for (y, x) in y.iter_mut().zip(x) {
                *y = (x - largest).exp();
            }
            let sum: f32 = y.iter().sum();
            for (y, x) in y.iter_mut().zip(x) {
                *y = match constants.logarithmic {
                    true => x - largest - sum.ln(),
                    false => *y / sum,
                };
            }
        }
    }

    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput { value, dy, dx } = arguments;
        let channels = constants.channels;
        let rows = dx.chunks_exact_mut(channels);
        let rows = rows.zip(value.chunks_exact(channels).zip(dy.chunks_exact(channels)));
        for (dx, (y, dy)) in rows.take(constants.rows) {
            let pairs = || y.iter().zip(dy);
            if constants.logarithmic {
                let sum: f32 = dy.iter().sum();
                let gradients = pairs().map(|(y, dy)| dy - y.exp() * sum);
                store(dx, constants.accumulate, gradients);
            } else {
                let sum: f32 = pairs().map(|(y, dy)| y * dy).sum();
                let gradients = pairs().map(|(y, dy)| y * (dy - sum));
                store(dx, constants.accumulate, gradients);
            }
        }
    }
}
