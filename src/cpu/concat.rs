//! Mirror of `shaders/concat.wgsl`: `y[p, FIRST_CHANNEL + c] = x[p, c]`.

use crate::accumulate::store;
use crate::contract::concat::{BackwardInput, Constants, Forward, Mirror};
use crate::simd::Processor;

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, Forward { x, y }: Forward<'_>) {
        let inputs = x.chunks_exact(constants.in_channels);
        let outputs = y.chunks_exact_mut(constants.out_channels);
        for (y, x) in outputs.zip(inputs).take(constants.positions) {
            y[constants.first_channel..][..constants.in_channels].copy_from_slice(x);
        }
    }

    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput { dy, dx } = arguments;
        let inputs = dx.chunks_exact_mut(constants.in_channels);
        let outputs = dy.chunks_exact(constants.out_channels);
        for (dx, dy) in inputs.zip(outputs).take(constants.positions) {
            let own = &dy[constants.first_channel..];
            store(dx, constants.accumulate, own.iter().copied());
        }
    }
}
