//! `y = f(x)`: ReLU, sigmoid, tanh. ReLU's slope at 0 is 0.

use alexnet_live::layers::Activation;

use super::{Gradients, Tensor};

pub fn forward(layer: Activation, x: &Tensor) -> Tensor {
    x.map(|x| value(layer, x))
}

pub fn backward(layer: Activation, x: &Tensor, dy: &Tensor) -> Gradients {
    Gradients::of_input(x.zip(dy, |x, dy| {
        let y = value(layer, x);
        dy * match layer {
            Activation::Relu => f64::from(u8::from(x > 0.0)),
            Activation::Sigmoid => y * (1.0 - y),
            Activation::Tanh => 1.0 - y * y,
        }
    }))
}

fn value(layer: Activation, x: f64) -> f64 {
    match layer {
        Activation::Relu => x.max(0.0),
        Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Activation::Tanh => x.tanh(),
    }
}
