//! `y[n, (c * height + i) * width + j] = x[n,i,j,c]`; a vector stays as it is.

use super::{Gradients, Tensor};

pub fn forward(x: &Tensor) -> Tensor {
    let mut y = Tensor::zeros(&[x.shape[0], x.shape[1..].iter().product()]);
    each_element(x, |at_y, at_x| y.values[at_y] = x.values[at_x]);
    y
}

pub fn backward(x: &Tensor, dy: &Tensor) -> Gradients {
    let mut dx = Tensor::zeros(&x.shape);
    each_element(x, |at_y, at_x| dx.values[at_x] = dy.values[at_y]);
    Gradients::of_input(dx)
}

/// Calls `visit(offset in y, offset in x)` for every element.
fn each_element(x: &Tensor, mut visit: impl FnMut(usize, usize)) {
    let [batch, height, width, channels] = match x.shape[..] {
        [batch, features] => [batch, 1, 1, features],
        _ => x.dimensions(),
    };
    for n in 0..batch {
        for i in 0..height {
            for j in 0..width {
                for c in 0..channels {
                    let at_y = ((n * channels + c) * height + i) * width + j;
                    visit(at_y, ((n * height + i) * width + j) * channels + c);
                }
            }
        }
    }
}
