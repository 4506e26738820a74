//! `y[n,i,j,o] = bias[o] + sum x[n, i*s+ky*d-p, j*s+kx*d-p, c] * weight[o,c,ky,kx]`,
//! the sum over the channels of o's group.

use super::{Filter, Maps, taps};
use crate::layers::Conv2d;

pub fn element(layer: &Conv2d, x: &Maps, filter: Filter, [n, i, j, o]: [usize; 4]) -> f64 {
    let [_, height, width, channels] = x.size;
    let inputs = channels / layer.groups;
    let outputs = layer.out_channels / layer.groups;
    let [kernel_height, kernel_width] = layer.window.kernel;
    let mut sum = filter.bias;
    for tap in taps(&layer.window, [i, j], [height, width]) {
        let pixel = x.pixel([n, tap.row, tap.column]);
        let group = &pixel[o / outputs * inputs..][..inputs];
        let weight = &filter.weight[tap.ky * kernel_width + tap.kx..];
        let weight = weight.iter().step_by(kernel_height * kernel_width);
        for (x, weight) in group.iter().zip(weight) {
            sum += x * weight;
        }
    }
    sum
}
