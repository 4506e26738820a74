//! `y[n,i,j,o] = bias[o] + sum x[n, i*s+ky*d-p, j*s+kx*d-p, c] * weight[o,c,ky,kx]`,
//! the sum over the channels of o's group.

use alexnet_live::layers::Conv2d;

use super::window::{each_tap, output_shape};
use super::{Gradients, Tensor};

pub fn forward(layer: &Conv2d, x: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Tensor {
    let [batch, height, width, _] = x.dimensions();
    let size = [batch, height, width];
    let mut y = Tensor::zeros(&output_shape(&layer.window, size, layer.out_channels));
    if let Some(bias) = bias {
        for pixel in y.values.chunks_mut(layer.out_channels) {
            pixel.copy_from_slice(&bias.values);
        }
    }
    each_product(layer, x, |at_y, at_x, at_weight| {
        y[at_y] += x[at_x] * weight[at_weight];
    });
    y
}

pub fn backward(layer: &Conv2d, x: &Tensor, weight: &Tensor, dy: &Tensor) -> Gradients {
    let mut dx = Tensor::zeros(&x.shape);
    let mut dweight = Tensor::zeros(&weight.shape);
    each_product(layer, x, |at_y, at_x, at_weight| {
        dx[at_x] += dy[at_y] * weight[at_weight];
        dweight[at_weight] += dy[at_y] * x[at_x];
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

/// Calls `visit(index of y, index of x, index of weight)` for every product.
fn each_product(
    layer: &Conv2d,
    x: &Tensor,
    mut visit: impl FnMut([usize; 4], [usize; 4], [usize; 4]),
) {
    let [batch, height, width, channels] = x.dimensions();
    let inputs = channels / layer.groups;
    let outputs = layer.out_channels / layer.groups;
    each_tap(
        &layer.window,
        [batch, height, width],
        |[n, i, j, ky, kx], [row, column]| {
            for o in 0..layer.out_channels {
                for c in 0..inputs {
                    let channel = o / outputs * inputs + c;
                    visit([n, i, j, o], [n, row, column, channel], [o, c, ky, kx]);
                }
            }
        },
    );
}
