//! `dx = dy * f'(x)`; ReLU's slope at 0 is 0.

use alexnet_live::layers::Activation;
use alexnet_live::reference::activate;

use super::{Gradients, Tensor};

pub fn backward(layer: Activation, x: &Tensor, dy: &Tensor) -> Gradients {
    Gradients::of_input(x.zip(dy, |x, dy| {
        let y = activate(layer, x);
        dy * match layer {
            Activation::Relu => f64::from(u8::from(x > 0.0)),
            Activation::Sigmoid => y * (1.0 - y),
            Activation::Tanh => 1.0 - y * y,
            // Of the others by central differences, which the tests of the engines
            // are held against.
            other => {
                let step = 1e-6;
                (activate(other, x + step) - activate(other, x - step)) / (2.0 * step)
            }
        }
    }))
}
