//! `y[n,i,j,o] = bias[o] + sum x[n, i*s+ky*d-p, j*s+kx*d-p, c] * weight[o,c,ky,kx]`.

use alexnet_live::layers::Conv2d;

pub fn forward(
    layer: &Conv2d,
    batch: usize,
    [height, width, channels]: [usize; 3],
    x: &[f64],
    weight: &[f64],
    bias: &[f64],
) -> Vec<f64> {
    let window = &layer.window;
    let [out_height, out_width] = window.output_size([height, width]).expect("valid");
    let inputs = channels / layer.groups;
    let outputs = layer.out_channels / layer.groups;
    let [kernel_height, kernel_width] = window.kernel;
    let mut y = Vec::new();
    for n in 0..batch {
        for i in 0..out_height {
            for j in 0..out_width {
                for o in 0..layer.out_channels {
                    let mut sum = bias.get(o).copied().unwrap_or(0.0);
                    for ky in 0..kernel_height {
                        for kx in 0..kernel_width {
                            let row = i * window.stride[0] + ky * window.dilation[0];
                            let column = j * window.stride[1] + kx * window.dilation[1];
                            let (Some(row), Some(column)) = (
                                row.checked_sub(window.padding[0]),
                                column.checked_sub(window.padding[1]),
                            ) else {
                                continue;
                            };
                            if row >= height || column >= width {
                                continue;
                            }
                            for c in 0..inputs {
                                let channel = o / outputs * inputs + c;
                                let from =
                                    ((n * height + row) * width + column) * channels + channel;
                                let tap =
                                    ((o * inputs + c) * kernel_height + ky) * kernel_width + kx;
                                sum += x[from] * weight[tap];
                            }
                        }
                    }
                    y.push(sum);
                }
            }
        }
    }
    y
}
