//! `dx[n,i,j,c] = dy[n, (c * height + i) * width + j]`; a vector stays as it is.

use super::{Gradients, Tensor};

pub fn backward(x: &Tensor, dy: &Tensor) -> Gradients {
    let [batch, height, width, channels] = match x.shape[..] {
        [batch, features] => [batch, 1, 1, features],
        _ => x.dimensions(),
    };
    let mut dx = Tensor::zeros(&x.shape);
    for n in 0..batch {
        for i in 0..height {
            for j in 0..width {
                for c in 0..channels {
                    let at_x = ((n * height + i) * width + j) * channels + c;
                    dx.values[at_x] = dy[[n, (c * height + i) * width + j]];
                }
            }
        }
    }
    Gradients::of_input(dx)
}
