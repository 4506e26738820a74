//! `dx[n,row,column,c] = sum dy[n,i,j,o] * weight[o,c,ky,kx]`,
//! `dweight[o,c,ky,kx] = sum dy[n,i,j,o] * x[n,row,column,c]` and
//! `dbias[o] = sum dy[n,i,j,o]`, over the products of the forward pass.

use alexnet_live::layers::Conv2d;

use super::window::each_tap;
use super::{Gradients, Tensor};

pub fn backward(layer: &Conv2d, x: &Tensor, weight: &Tensor, dy: &Tensor) -> Gradients {
    let [batch, height, width, channels] = x.dimensions();
    let inputs = channels / layer.groups;
    let outputs = layer.out_channels / layer.groups;
    let mut dx = Tensor::zeros(&x.shape);
    let mut dweight = Tensor::zeros(&weight.shape);
    each_tap(&layer.window, [batch, height, width], |[n, i, j], tap| {
        for o in 0..layer.out_channels {
            for c in 0..inputs {
                let at_x = [n, tap.row, tap.column, o / outputs * inputs + c];
                let at_weight = [o, c, tap.ky, tap.kx];
                dx[at_x] += dy[[n, i, j, o]] * weight[at_weight];
                dweight[at_weight] += dy[[n, i, j, o]] * x[at_x];
            }
        }
    });
    let mut dbias = Tensor::zeros(&[layer.out_channels]);
    for pixel in dy.values.chunks(layer.out_channels) {
        for (o, dy) in pixel.iter().enumerate() {
            dbias[[o]] += dy;
        }
    }
    let mut parameters = vec![dweight];
    parameters.extend(layer.bias.then_some(dbias));
    Gradients {
        inputs: vec![dx],
        parameters,
    }
}
