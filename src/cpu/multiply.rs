//! Mirror of `shaders/multiply.wgsl`: `y = a * b`, `dx = dy * the other`.

use crate::accumulate::store;
use crate::contract::multiply::{BackwardInput, Constants, Forward, Mirror};
use crate::simd::Processor;

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, Forward { a, b, y }: Forward<'_>) {
        for ((y, a), b) in y[..constants.elements].iter_mut().zip(a).zip(b) {
            *y = a * b;
        }
    }

    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput { factor, dy, dx } = arguments;
        let gradients = dy.iter().zip(factor).map(|(dy, factor)| dy * factor);
        store(
            &mut dx[..constants.elements],
            constants.accumulate,
            gradients,
        );
    }
}
