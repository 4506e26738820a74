//! `y = a + b`.

use super::{Gradients, Tensor};

pub fn forward(a: &Tensor, b: &Tensor) -> Tensor {
    a.zip(b, |a, b| a + b)
}

pub fn backward(dy: &Tensor) -> Gradients {
    Gradients {
        inputs: vec![dy.clone(), dy.clone()],
        parameters: Vec::new(),
    }
}
