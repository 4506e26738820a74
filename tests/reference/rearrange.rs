//! `dx` gathers `dy` of every element that was read from it.

use alexnet_live::layers::Rearrange;

use super::{Gradients, Tensor};

pub fn backward(layer: &Rearrange, x: &Tensor, dy: &Tensor) -> Gradients {
    let mut dx = Tensor::zeros(&x.shape);
    let batch = x.shape[0];
    let (read, written) = (x.values.len() / batch, dy.values.len() / batch);
    for (at, dy) in dy.values.iter().enumerate() {
        dx.values[at / written * read + layer.source(at % written)] += dy;
    }
    Gradients::of_input(dx)
}
