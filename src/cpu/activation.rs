//! Mirror of `shaders/activation.wgsl`: `y = f(x)`, `dx = dy * f'(x)` told by `y`.

use crate::accumulate::store;
use crate::contract::activation::{BackwardInput, Constants, Forward, Mirror};
use crate::simd::Processor;

/// `FUNCTION` of the shaders.
const RELU: usize = 1;
const SIGMOID: usize = 2;
const TANH: usize = 3;
const GUIDED_RELU: usize = 4;

/// `f(x)` of the function with this code; 0 is the identity.
pub fn activate(function: usize, value: f32) -> f32 {
    match function {
        // NaN passes.
        RELU if value < 0.0 => 0.0,
        SIGMOID => sigmoid(value),
        TANH => value.clamp(-15.0, 15.0).tanh(),
        _ => value,
    }
}

/// `exp` only ever sees a negative argument, so that it cannot overflow.
fn sigmoid(value: f32) -> f32 {
    let small = (-value.abs()).exp();
    (if value >= 0.0 { 1.0 } else { small }) / (1.0 + small)
}

/// `f'(x)`, told by `y = f(x)`.
fn slope(function: usize, y: f32) -> f32 {
    match function {
        RELU | GUIDED_RELU => f32::from(u8::from(y > 0.0)),
        SIGMOID => y * (1.0 - y),
        TANH => 1.0 - y * y,
        _ => 1.0,
    }
}

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, Forward { x, y }: Forward<'_>) {
        let function = constants.function;
        for (y, x) in y[..constants.elements].iter_mut().zip(x) {
            *y = activate(function, *x);
        }
    }

    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput { value, dy, dx } = arguments;
        let function = constants.function;
        let gradients = value.iter().zip(dy).map(|(y, dy)| {
            let gradient = match function {
                GUIDED_RELU => activate(RELU, *dy),
                _ => *dy,
            };
            gradient * slope(function, *y)
        });
        let dx = &mut dx[..constants.elements];
        store(dx, constants.accumulate, gradients);
    }
}
