//! `y = f(x)`: ReLU, sigmoid, tanh.

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
    }
}
