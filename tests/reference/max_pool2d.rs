//! `y[n,i,j,c] = max x[n, i*s+ky*d-p, j*s+kx*d-p, c]`, padding never wins; of
//! equal maxima the first, row by row, takes the gradient.

use alexnet_live::layers::MaxPool2d;

use super::window::{each_tap, output_shape};
use super::{Gradients, Tensor};

pub fn forward(layer: &MaxPool2d, x: &Tensor) -> Tensor {
    maxima(layer, x).0
}

pub fn backward(layer: &MaxPool2d, x: &Tensor, dy: &Tensor) -> Gradients {
    let (_, positions) = maxima(layer, x);
    let channels = x.channels();
    let mut dx = Tensor::zeros(&x.shape);
    for (index, (position, dy)) in positions.into_iter().zip(&dy.values).enumerate() {
        if let Some([n, row, column]) = position {
            dx[[n, row, column, index % channels]] += dy;
        }
    }
    Gradients::of_input(dx)
}

/// The maxima and, for each, where it stands; nowhere if the window lies on
/// padding alone.
fn maxima(layer: &MaxPool2d, x: &Tensor) -> (Tensor, Vec<Option<[usize; 3]>>) {
    let [batch, height, width, channels] = x.dimensions();
    let size = [batch, height, width];
    let mut y = Tensor::filled(
        f64::NEG_INFINITY,
        &output_shape(&layer.window, size, channels),
    );
    let [_, out_height, out_width, _] = y.dimensions();
    let mut positions = vec![None; y.values.len()];
    each_tap(&layer.window, size, |[n, i, j, ..], [row, column]| {
        for c in 0..channels {
            let value = x[[n, row, column, c]];
            if value > y[[n, i, j, c]] {
                y[[n, i, j, c]] = value;
                positions[((n * out_height + i) * out_width + j) * channels + c] =
                    Some([n, row, column]);
            }
        }
    });
    (y, positions)
}
