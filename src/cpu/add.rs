//! Mirror of `shaders/add.wgsl`: `y = a + b`, `dx = dy`.

use crate::accumulate::store;
use crate::contract::add::{BackwardInput, Constants, Forward, Mirror};
use crate::simd::Processor;

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, Forward { a, b, y }: Forward<'_>) {
        for ((y, a), b) in y[..constants.elements].iter_mut().zip(a).zip(b) {
            *y = a + b;
        }
    }

    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput { dy, dx } = arguments;
        let dx = &mut dx[..constants.elements];
        store(dx, constants.accumulate, dy.iter().copied());
    }
}
