//! `dx[..., c] = dy[..., first + c]`, for each input.

use super::{Gradients, Tensor};

pub fn backward(inputs: &[Tensor], dy: &Tensor) -> Gradients {
    let mut first = 0;
    let gradients = inputs.iter().map(|x| {
        let mut dx = Tensor::zeros(&x.shape);
        for (at, dx) in dx.values.iter_mut().enumerate() {
            let (position, channel) = (at / x.channels(), at % x.channels());
            *dx = dy.values[position * dy.channels() + first + channel];
        }
        first += x.channels();
        dx
    });
    Gradients {
        inputs: gradients.collect(),
        parameters: Vec::new(),
    }
}
