//! `da = dy * b`, `db = dy * a`.

use super::{Gradients, Tensor};

pub fn backward(inputs: &[Tensor], dy: &Tensor) -> Gradients {
    Gradients {
        inputs: [1, 0]
            .map(|other: usize| dy.zip(&inputs[other], |dy, x| dy * x))
            .to_vec(),
        parameters: Vec::new(),
    }
}
