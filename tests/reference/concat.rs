//! `y[..., first + c] = x[..., c]`, the channels of each input behind those of
//! the inputs before it.

use super::{Gradients, Tensor};

pub fn forward(inputs: &[Tensor]) -> Tensor {
    let mut shape = inputs[0].shape.clone();
    *shape.last_mut().expect("channels") = inputs.iter().map(Tensor::channels).sum();
    let mut y = Tensor::zeros(&shape);
    each_element(inputs, |at_y, input, at_x| {
        y.values[at_y] = inputs[input].values[at_x]
    });
    y
}

pub fn backward(inputs: &[Tensor], dy: &Tensor) -> Gradients {
    let mut gradients: Vec<_> = inputs.iter().map(|x| Tensor::zeros(&x.shape)).collect();
    each_element(inputs, |at_y, input, at_x| {
        gradients[input].values[at_x] = dy.values[at_y]
    });
    Gradients {
        inputs: gradients,
        parameters: Vec::new(),
    }
}

/// Calls `visit(offset in y, input, offset in it)` for every element.
fn each_element(inputs: &[Tensor], mut visit: impl FnMut(usize, usize, usize)) {
    let total: usize = inputs.iter().map(Tensor::channels).sum();
    let mut first = 0;
    for (input, x) in inputs.iter().enumerate() {
        let channels = x.channels();
        for at_x in 0..x.values.len() {
            let (position, channel) = (at_x / channels, at_x % channels);
            visit(position * total + first + channel, input, at_x);
        }
        first += channels;
    }
}
