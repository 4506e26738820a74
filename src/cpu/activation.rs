//! Mirror of `shaders/activation.wgsl`: `y = f(x)`, `dx = dy * f'(x)` told by `y` or,
//! for the functions with a number of their own and the smooth gates, by `x`.

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

/// `f(x)` of any function, with its numbers.
fn value(function: usize, alpha: f32, beta: f32, x: f32) -> f32 {
    match function {
        5 if x > 0.0 => x,
        5 => alpha * x,
        6 => x.max(alpha).min(beta),
        7 => (alpha * x + beta).clamp(0.0, 1.0),
        8 => x * (x / 6.0 + 0.5).clamp(0.0, 1.0),
        9 => x * sigmoid(x),
        10 => x * normal(x),
        11 => x * sigmoid(gate(x)),
        12 if x > 0.0 => x,
        12 => alpha * (x.exp() - 1.0),
        13 => x.max(0.0) + (1.0 + (-x.abs()).exp()).ln(),
        14 => alpha * x + beta,
        15 => erf(x),
        16 => x.exp(),
        17 => x.ln(),
        18 => x.abs(),
        19 if alpha == -1.0 => 1.0 / x,
        19 if alpha == 0.5 => x.sqrt(),
        19 => x.powf(alpha),
        _ => activate(function, x),
    }
}

/// `f'(x)` of the functions that it is told by `x` for.
fn slope_at(function: usize, alpha: f32, beta: f32, x: f32) -> f32 {
    let inside = |value: f32, low: f32, high: f32| f32::from(u8::from(value > low && value < high));
    match function {
        5 | 12 if x > 0.0 => 1.0,
        5 => alpha,
        6 => inside(x, alpha, beta),
        7 => alpha * inside(alpha * x + beta, 0.0, 1.0),
        8 if x >= 3.0 => 1.0,
        8 if x <= -3.0 => 0.0,
        8 => x / 3.0 + 0.5,
        9 => sigmoid(x) * (1.0 + x * (1.0 - sigmoid(x))),
        10 => normal(x) + x * 0.398_942_3 * (-(0.5 * x * x).min(80.0)).exp(),
        11 => {
            let (s, x) = (sigmoid(gate(x)), x.clamp(-20.0, 20.0));
            s + x * s * (1.0 - s) * 1.595_769 * (1.0 + 0.134_145 * x * x)
        }
        12 => alpha * x.exp(),
        13 => sigmoid(x),
        14 => alpha,
        15 => std::f32::consts::FRAC_2_SQRT_PI * (-(x * x).min(80.0)).exp(),
        16 => x.exp(),
        17 => 1.0 / x,
        18 if x == 0.0 => 0.0,
        18 => x.signum(),
        19 if alpha == -1.0 => -1.0 / (x * x),
        19 => alpha * x.abs().powf(alpha - 1.0),
        _ => 1.0,
    }
}

/// The error function, as the shader computes it.
fn erf(value: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * value.abs());
    let sum = ((((1.061_405_4 * t - 1.453_152_1) * t + 1.421_413_8) * t - 0.284_496_72) * t
        + 0.254_829_6)
        * t;
    let magnitude = 1.0 - sum * (-(value * value).min(80.0)).exp();
    if value >= 0.0 { magnitude } else { -magnitude }
}

/// The share of a normal distribution below a value.
fn normal(value: f32) -> f32 {
    0.5 + 0.5 * erf(value * std::f32::consts::FRAC_1_SQRT_2)
}

fn gate(value: f32) -> f32 {
    let x = value.clamp(-20.0, 20.0);
    1.595_769 * (x + 0.044_715 * x * x * x)
}

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, Forward { x, y }: Forward<'_>) {
        let Constants {
            function,
            alpha,
            beta,
            ..
        } = *constants;
        for (y, x) in y[..constants.elements].iter_mut().zip(x) {
            *y = value(function, alpha, beta, *x);
        }
    }

    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput { value, dy, dx } = arguments;
        let Constants {
            function,
            alpha,
            beta,
            ..
        } = *constants;
        let gradients = value.iter().zip(dy).map(|(y, dy)| {
            let gradient = match function {
                GUIDED_RELU => activate(RELU, *dy),
                _ => *dy,
            };
            gradient
                * match function {
                    0..=GUIDED_RELU => slope(function, *y),
                    _ => slope_at(function, alpha, beta, *y),
                }
        });
        let dx = &mut dx[..constants.elements];
        store(dx, constants.accumulate, gradients);
    }
}
