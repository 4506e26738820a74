//! `dx[n,i] = sum dy[n,o] * weight[o,i]`, `dweight[o,i] = sum dy[n,o] * x[n,i]` and
//! `dbias[o] = sum dy[n,o]`.

use alexnet_live::layers::Linear;

use super::{Gradients, Tensor};

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
