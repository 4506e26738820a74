//! `y = f(x)`, for each function.

use crate::layers::Activation;

/// `f(x)`.
pub fn activate(layer: Activation, x: f64) -> f64 {
    match layer {
        // NaN passes.
        Activation::Relu if x < 0.0 => 0.0,
        Activation::Relu => x,
        Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        // As 2 sigmoid(2x) - 1: the page needs no second function of exponentials.
        Activation::Tanh => 2.0 / (1.0 + (-2.0 * x).exp()) - 1.0,
        Activation::LeakyRelu { slope } if x < 0.0 => f64::from(slope) * x,
        Activation::LeakyRelu { .. } => x,
        Activation::Clip { low, high } => x.max(low.into()).min(high.into()),
        Activation::HardSigmoid { slope, offset } => {
            (f64::from(slope) * x + f64::from(offset)).clamp(0.0, 1.0)
        }
        Activation::HardSwish => x * (x / 6.0 + 0.5).clamp(0.0, 1.0),
        Activation::Silu => x / (1.0 + (-x).exp()),
        Activation::Gelu => 0.5 * x * (1.0 + erf(x * std::f64::consts::FRAC_1_SQRT_2)),
        Activation::GeluTanh => {
            let root = (2.0 / std::f64::consts::PI).sqrt();
            x / (1.0 + (-2.0 * root * (x + 0.044715 * x * x * x)).exp())
        }
        Activation::Elu { alpha } if x < 0.0 => f64::from(alpha) * (x.exp() - 1.0),
        Activation::Elu { .. } => x,
        Activation::Softplus => x.max(0.0) + (1.0 + (-x.abs()).exp()).ln(),
        Activation::Affine { scale, shift } => f64::from(scale) * x + f64::from(shift),
        Activation::Erf => erf(x),
        Activation::Exp => x.exp(),
        Activation::Log => x.ln(),
        Activation::Abs => x.abs(),
        Activation::Power { exponent: -1.0 } => 1.0 / x,
        Activation::Power { exponent } => x.powf(exponent.into()),
    }
}

/// The error function by its series of positive terms (Abramowitz and Stegun 7.1.6);
/// beyond 6 it is 1 to all digits.
fn erf(x: f64) -> f64 {
    if x.abs() > 6.0 {
        return x.signum();
    }
    let (mut term, mut sum) = (x, x);
    for n in 1..200 {
        term *= 2.0 * x * x / f64::from(2 * n + 1);
        sum += term;
    }
    std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() * sum
}
