//! Mirror of `shaders/flatten.wgsl`: `y[n, c * POSITIONS + p] = x[n, p, c]`.

use crate::accumulate::store;
use crate::contract::flatten::{BackwardInput, Constants, Forward, Mirror};
use crate::simd::Processor;

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, Forward { x, y }: Forward<'_>) {
        let sample = constants.positions * constants.channels;
        let samples = y[..constants.elements].chunks_exact_mut(sample);
        for (y, x) in samples.zip(x.chunks_exact(sample)) {
            for (channel, y) in y.chunks_exact_mut(constants.positions).enumerate() {
                for (y, x) in y.iter_mut().zip(x.chunks_exact(constants.channels)) {
                    *y = x[channel];
                }
            }
        }
    }

    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput { dy, dx } = arguments;
        let (positions, channels) = (constants.positions, constants.channels);
        let samples = dx[..constants.elements].chunks_exact_mut(positions * channels);
        for (dx, dy) in samples.zip(dy.chunks_exact(positions * channels)) {
            for (position, dx) in dx.chunks_exact_mut(channels).enumerate() {
                let own = (0..channels).map(|channel| dy[channel * positions + position]);
                store(dx, constants.accumulate, own);
            }
        }
    }
}
