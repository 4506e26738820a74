//! `dx[j]` is the sum of `dy[i]` over all `i` that read `j`.

use alexnet_live::layers::Rearrange;

use super::{Gradients, Tensor};

pub fn backward(layer: &Rearrange, x: &Tensor, dy: &Tensor) -> Gradients {
    let mut dx = Tensor::zeros(&x.shape);
    let (read, written) = (x.values.len() / x.shape[0], layer.shape.elements());
    for (at, dy) in dy.values.iter().enumerate() {
        dx.values[at / written * read + layer.source(at % written)] += dy;
    }
    Gradients::of_input(dx)
}
