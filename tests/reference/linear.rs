//! `y[n,o] = bias[o] + sum_i x[n,i] * weight[o,i]`.

use alexnet_live::layers::Linear;

use super::{Gradients, Tensor};

pub fn forward(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Tensor {
    let [batch, inputs] = x.dimensions();
    let [outputs, _] = weight.dimensions();
    let mut y = Tensor::zeros(&[batch, outputs]);
    for n in 0..batch {
        for o in 0..outputs {
            y[[n, o]] = bias.map_or(0.0, |bias| bias[[o]]);
            for i in 0..inputs {
                y[[n, o]] += x[[n, i]] * weight[[o, i]];
            }
        }
    }
    y
}

pub fn backward(layer: &Linear, x: &Tensor, weight: &Tensor, dy: &Tensor) -> Gradients {
    let [batch, inputs] = x.dimensions();
    let [outputs, _] = weight.dimensions();
    let mut dx = Tensor::zeros(&x.shape);
    let mut dweight = Tensor::zeros(&weight.shape);
    let mut dbias = Tensor::zeros(&[outputs]);
    for n in 0..batch {
        for o in 0..outputs {
            dbias[[o]] += dy[[n, o]];
            for i in 0..inputs {
                dx[[n, i]] += dy[[n, o]] * weight[[o, i]];
                dweight[[o, i]] += dy[[n, o]] * x[[n, i]];
            }
        }
    }
    let mut parameters = vec![dweight];
    parameters.extend(layer.bias.then_some(dbias));
    Gradients {
        inputs: vec![dx],
        parameters,
    }
}
