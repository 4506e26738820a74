//! `dx[n,row,column,c] = sum dy[n,i,j,c] / count[i,j]` over the windows that
//! reach it.

use alexnet_live::layers::{AvgPool2d, Window};

use super::window::each_tap;
use super::{Gradients, Tensor};

pub fn backward(layer: &AvgPool2d, x: &Tensor, dy: &Tensor) -> Gradients {
    let [batch, height, width, channels] = x.dimensions();
    let window = layer.window_over(height, width);
    let counts = counts(layer, &window, [height, width]);
    let mut dx = Tensor::zeros(&x.shape);
    each_tap(&window, [batch, height, width], |[n, i, j], tap| {
        for c in 0..channels {
            dx[[n, tap.row, tap.column, c]] += dy[[n, i, j, c]] / counts[[i, j]];
        }
    });
    Gradients::of_input(dx)
}

/// The divisor at each position of the window.
fn counts(layer: &AvgPool2d, window: &Window, [height, width]: [usize; 2]) -> Tensor {
    let [top, left, bottom, right] = window.padding;
    // With padding that counts, it is as if the input were larger.
    let (counted, size) = match layer.count_include_pad {
        true => {
            let size = [top + height + bottom, left + width + right];
            (
                Window {
                    padding: [0; 4],
                    ..window.clone()
                },
                size,
            )
        }
        false => (window.clone(), [height, width]),
    };
    let [out_height, out_width] = window.output_size([height, width]).expect("a valid window");
    let mut counts = Tensor::zeros(&[out_height, out_width]);
    each_tap(&counted, [1, size[0], size[1]], |[_, i, j], _| {
        if i < out_height && j < out_width {
            counts[[i, j]] += 1.0;
        }
    });
    counts
}
