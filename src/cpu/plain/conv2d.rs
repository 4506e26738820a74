use super::{Packing, activate, assert_close, blocks, halves, random};
use crate::contract::conv2d::{Constants, Forward, Mirror as _};
use crate::simd::Processor;

/// Sizes of a convolution, height before width.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub batch: usize,
    pub input: [usize; 2],
    pub channels: usize,
    pub outputs: usize,
    pub groups: usize,
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    /// top, left, bottom, right
    pub padding: [usize; 4],
    pub dilation: [usize; 2],
}

pub(super) const PLAIN: Case = Case {
    batch: 1,
    input: [7, 5],
    channels: 3,
    outputs: 5,
    groups: 1,
    kernel: [3, 3],
    stride: [1, 1],
    padding: [1; 4],
    dilation: [1, 1],
};

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    PLAIN,
    Case { input: [1, 1], channels: 1, outputs: 1, kernel: [1, 1], padding: [0; 4], ..PLAIN },
    Case { batch: 3, input: [13, 11], channels: 7, outputs: 37, kernel: [1, 1], padding: [0; 4], ..PLAIN },
    Case { batch: 2, input: [31, 27], channels: 3, outputs: 40, kernel: [11, 11], stride: [4, 4], padding: [2; 4], ..PLAIN },
    Case { batch: 2, input: [9, 9], channels: 12, outputs: 66, groups: 2, kernel: [5, 5], padding: [2; 4], ..PLAIN },
    Case { batch: 3, input: [8, 9], channels: 6, outputs: 6, groups: 6, ..PLAIN },
    Case { batch: 1, input: [8, 9], channels: 35, outputs: 35, groups: 35, stride: [2, 2], ..PLAIN },
    Case { batch: 1, input: [8, 9], channels: 6, outputs: 12, groups: 6, dilation: [2, 3], padding: [2, 3, 2, 3], ..PLAIN },
    Case { batch: 2, input: [17, 14], channels: 5, outputs: 19, stride: [2, 3], dilation: [2, 2], padding: [0, 3, 2, 1], ..PLAIN },
    Case { batch: 2, input: [12, 12], channels: 4, outputs: 8, stride: [2, 2], kernel: [1, 1], padding: [0; 4], ..PLAIN },
    Case { batch: 2, input: [10, 6], channels: 8, outputs: 33, kernel: [2, 4], padding: [0; 4], ..PLAIN },
    Case { batch: 1, input: [5, 5], channels: 700, outputs: 9, ..PLAIN },
    Case { batch: 1, input: [2, 3], channels: 2, outputs: 3, kernel: [3, 5], padding: [3, 4, 1, 0], ..PLAIN },
    Case { batch: 5, input: [6, 6], channels: 5, outputs: 4, kernel: [3, 3], stride: [3, 3], padding: [0; 4], ..PLAIN },
    Case { batch: 1, input: [6, 6], channels: 5, outputs: 4, kernel: [2, 2], stride: [3, 3], padding: [0; 4], ..PLAIN },
];

impl Case {
    pub fn output(&self) -> [usize; 2] {
        [0, 1].map(|axis| {
            let padded = self.input[axis] + self.padding[axis] + self.padding[axis + 2];
            (padded - (self.kernel[axis] - 1) * self.dilation[axis] - 1) / self.stride[axis] + 1
        })
    }

    pub fn packing(&self, block: usize) -> Packing {
        Packing {
            groups: self.groups,
            outputs: self.outputs / self.groups,
            inputs: self.channels / self.groups,
            positions: self.kernel[0] * self.kernel[1],
            block,
        }
    }

    pub fn x(&self) -> Vec<f32> {
        random(
            1,
            self.batch * self.input[0] * self.input[1] * self.channels,
        )
    }

    /// Small enough that sums are of the size of their inputs.
    pub fn weights(&self) -> Vec<f32> {
        let row = self.channels / self.groups * self.kernel[0] * self.kernel[1];
        let mut weights = random(2, self.outputs * row);
        weights.iter_mut().for_each(|w| *w /= (row as f32).sqrt());
        weights
    }

    pub fn dy(&self) -> Vec<f32> {
        random(
            4,
            self.batch * self.output()[0] * self.output()[1] * self.outputs,
        )
    }

    /// Calls `visit(x, weight, y)` with the indices of every product.
    pub fn each(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let [height, width] = self.output();
        let (inputs, outputs) = (self.channels / self.groups, self.outputs / self.groups);
        for sample in 0..self.batch {
            for oy in 0..height {
                for ox in 0..width {
                    for ky in 0..self.kernel[0] {
                        for kx in 0..self.kernel[1] {
                            let iy = oy * self.stride[0] + ky * self.dilation[0];
                            let ix = ox * self.stride[1] + kx * self.dilation[1];
                            let iy = iy.wrapping_sub(self.padding[0]);
                            let ix = ix.wrapping_sub(self.padding[1]);
                            if iy >= self.input[0] || ix >= self.input[1] {
                                continue;
                            }
                            let x = ((sample * self.input[0] + iy) * self.input[1] + ix)
                                * self.channels;
                            let y = ((sample * height + oy) * width + ox) * self.outputs;
                            for o in 0..self.outputs {
                                for c in 0..inputs {
                                    let weight = ((o * inputs + c) * self.kernel[0] + ky)
                                        * self.kernel[1]
                                        + kx;
                                    visit(x + o / outputs * inputs + c, weight, y + o);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    pub fn constants(&self, block: usize) -> Constants {
        let [out_height, out_width] = self.output();
        Constants {
            batch: self.batch,
            in_height: self.input[0],
            in_width: self.input[1],
            in_channels: self.channels,
            out_height,
            out_width,
            out_channels: self.outputs,
            groups: self.groups,
            kernel_height: self.kernel[0],
            kernel_width: self.kernel[1],
            stride_height: self.stride[0],
            stride_width: self.stride[1],
            padding_top: self.padding[0],
            padding_left: self.padding[1],
            dilation_height: self.dilation[0],
            dilation_width: self.dilation[1],
            has_bias: true,
            weight_f16: false,
            activation: 0,
            tile_rows: 1,
            tile_columns: 4,
            tile_outputs: 4,
            output_lanes: block / 4,
            pixel_lanes: 1,
            steps: 1,
        }
    }

    pub fn forward(
        &self,
        processor: &Processor,
        block: usize,
        activation: usize,
        f16: bool,
    ) -> Vec<f32> {
        let packing = self.packing(block);
        let weights = packing.pack(&self.weights());
        let bias = Packing {
            inputs: 1,
            positions: 1,
            ..packing
        }
        .pack(&random(3, self.outputs));
        let words = match f16 {
            true => halves(&weights).0,
            false => weights.iter().map(|w| w.to_bits()).collect(),
        };
        let x = self.x();
        let mut y = vec![f32::NAN; self.dy().len() + 3];
        let constants = Constants {
            activation,
            weight_f16: f16,
            ..self.constants(block)
        };
        processor.forward(
            &constants,
            Forward {
                x: &x,
                x_vectors: &x,
                weight: bytemuck::cast_slice(&words),
                weight_f16: &words,
                bias: &bias,
                y: &mut y,
            },
        );
        y
    }
}

#[test]
fn forward_equals_plain_loops() {
    for case in CASES {
        let (x, bias) = (case.x(), random(3, case.outputs));
        for processor in Processor::all() {
            for (index, block) in blocks(&processor).into_iter().enumerate() {
                for activation in 0..4 {
                    let f16 = activation % 2 == index;
                    let weights = match f16 {
                        true => halves(&case.weights()).1,
                        false => case.weights(),
                    };
                    let mut y = vec![0.0; case.dy().len()];
                    case.each(|i, w, o| y[o] += f64::from(x[i]) * f64::from(weights[w]));
                    for (o, y) in y.iter_mut().enumerate() {
                        *y = activate(activation, *y + f64::from(bias[o % case.outputs]));
                    }
                    let computed = case.forward(&processor, block, activation, f16);
                    let what = format!(
                        "{case:?}, {}, block {block}, activation {activation}, f16 {f16}",
                        processor.name()
                    );
                    assert_close(&computed, &y, &what);
                }
            }
        }
    }
}
