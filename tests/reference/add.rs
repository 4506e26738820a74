//! `da = db = dy`.

use super::{Gradients, Tensor};

pub fn backward(dy: &Tensor) -> Gradients {
    Gradients {
        inputs: vec![dy.clone(), dy.clone()],
        parameters: Vec::new(),
    }
}
