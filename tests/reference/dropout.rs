//! `y = x * mask / (1 - p)` while training; at inference the identity.

use alexnet_live::layers::Dropout;

use super::{Gradients, Tensor};

/// `mask` tells which neurons stay on.
pub fn forward(layer: &Dropout, x: &Tensor, mask: &[bool]) -> Tensor {
    let mut y = x.clone();
    for (y, on) in y.values.iter_mut().zip(mask) {
        *y *= f64::from(u8::from(*on)) / (1.0 - f64::from(layer.probability));
    }
    y
}

pub fn backward(layer: &Dropout, mask: &[bool], dy: &Tensor) -> Gradients {
    Gradients::of_input(forward(layer, dy, mask))
}
