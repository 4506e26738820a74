//! `dx` gathers `dy` where `x` is the largest under the window; of equal maxima
//! the first, row by row, takes the gradient.

use alexnet_live::layers::MaxPool2d;
use alexnet_live::reference::taps;

use super::{Gradients, Tensor};

pub fn backward(layer: &MaxPool2d, x: &Tensor, dy: &Tensor) -> Gradients {
    let [batch, height, width, channels] = x.dimensions();
    let [_, out_height, out_width, _] = dy.dimensions();
    let mut dx = Tensor::zeros(&x.shape);
    for n in 0..batch {
        for i in 0..out_height {
            for j in 0..out_width {
                for c in 0..channels {
                    let mut winner = None;
                    let mut largest = f64::NEG_INFINITY;
                    for tap in taps(&layer.window, [i, j], [height, width]) {
                        let at = [n, tap.row, tap.column, c];
                        if winner.is_none() || x[at] > largest {
                            (winner, largest) = (Some(at), x[at]);
                        }
                    }
                    // Nowhere if the window lies on padding alone.
                    if let Some(at) = winner {
                        dx[at] += dy[[n, i, j, c]];
                    }
                }
            }
        }
    }
    Gradients::of_input(dx)
}
