//! `dx[c] = y[c] * (dy[c] - sum y[c'] * dy[c'])`; of the logarithm
//! `dx[c] = dy[c] - y[c] * sum dy[c']`, `y` being the softmax in both.

use alexnet_live::layers::Softmax;

use super::{Gradients, Tensor, forward};

pub fn backward(layer: &Softmax, x: &Tensor, dy: &Tensor) -> Gradients {
    let mut dx = forward(&Softmax::default().into(), std::slice::from_ref(x), &[]);
    let channels = x.channels();
    for (row, dy) in dx
        .values
        .chunks_mut(channels)
        .zip(dy.values.chunks(channels))
    {
        if layer.logarithmic {
            let sum: f64 = dy.iter().sum();
            row.iter_mut()
                .zip(dy)
                .for_each(|(y, dy)| *y = dy - *y * sum);
            continue;
        }
        let mean: f64 = row.iter().zip(dy).map(|(y, dy)| y * dy).sum();
        row.iter_mut().zip(dy).for_each(|(y, dy)| *y *= dy - mean);
    }
    Gradients::of_input(dx)
}
