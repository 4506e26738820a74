//! `dx = dy * f'(x)`; ReLU's slope at 0 is 0. Slopes without a formula here are central
//! differences.

use alexnet_live::layers::Activation;
use alexnet_live::reference::activate;

use super::{Gradients, Tensor};

/// Half the width of a central difference.
const STEP: f64 = 1e-6;

pub fn backward(layer: Activation, x: &Tensor, dy: &Tensor) -> Gradients {
    Gradients::of_input(x.zip(dy, |x, dy| {
        let y = activate(layer, x);
        dy * match layer {
            Activation::Relu => f64::from(u8::from(x > 0.0)),
            Activation::Sigmoid => y * (1.0 - y),
            Activation::Tanh => 1.0 - y * y,
            other => (activate(other, x + STEP) - activate(other, x - STEP)) / (2.0 * STEP),
        }
    }))
}
