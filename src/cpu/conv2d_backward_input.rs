//! Mirror of `shaders/conv2d_backward_input.wgsl`.

use crate::contract::conv2d_backward_input::{BackwardInput, Constants, Mirror, Transpose};
use crate::conv2d::half;
use crate::simd::Processor;

fn weight_at(c: &Constants, w: &[f32], h: &[u32], g: usize, o: usize, p: usize, k: usize) -> f32 {
    let blocks = (c.out_channels / c.groups).div_ceil(c.block);
    let b = g * blocks + o / c.block;
    let at = ((b * c.kernel_height * c.kernel_width + p) * (c.in_channels / c.groups) + k)
        * c.block
        + o % c.block;
    if c.weight_f16 { half(h, at) } else { w[at] }
}

impl Mirror for Processor {
    fn backward_input(&self, c: &Constants, a: BackwardInput<'_>) {
        let (inputs, outputs) = (c.in_channels / c.groups, c.out_channels / c.groups);
        for index in 0..c.batch * c.in_height * c.in_width * c.in_channels {
            let (g, k) = (index % c.in_channels / inputs, index % inputs);
            let q = index / c.in_channels % c.in_width;
            let r = index / (c.in_channels * c.in_width) % c.in_height;
            let n = index / (c.in_channels * c.in_width * c.in_height);
            let mut sum = 0.0;
            for ky in 0..c.kernel_height {
                for kx in 0..c.kernel_width {
                    let (d, e) = (r + c.padding_top, q + c.padding_left);
                    if d < ky * c.dilation_height || e < kx * c.dilation_width {
                        continue;
                    }
                    let (d, e) = (d - ky * c.dilation_height, e - kx * c.dilation_width);
                    if d % c.stride_height != 0 || e % c.stride_width != 0 {
                        continue;
                    }
                    let (i, j) = (d / c.stride_height, e / c.stride_width);
                    if i >= c.out_height || j >= c.out_width {
                        continue;
                    }
                    for o in 0..outputs {
                        sum += a.dy[((n * c.out_height + i) * c.out_width + j) * c.out_channels
                            + g * outputs
                            + o]
                            * weight_at(
                                c,
                                a.weight,
                                a.weight_halves,
                                g,
                                o,
                                ky * c.kernel_width + kx,
                                k,
                            );
                    }
                }
            }
            a.dx[index] = if c.accumulate { a.dx[index] } else { 0.0 } + sum;
        }
    }

    fn transpose(&self, c: &Constants, a: Transpose<'_>) {
        let (inputs, outputs) = (c.in_channels / c.groups, c.out_channels / c.groups);
        let positions = c.kernel_height * c.kernel_width;
        let blocks = inputs.div_ceil(c.transposed_block);
        for g in 0..c.groups {
            for b in 0..blocks {
                for p in 0..positions {
                    for o in 0..outputs {
                        for l in 0..c.transposed_block {
                            let k = b * c.transposed_block + l;
                            let at = (((g * blocks + b) * positions + p) * outputs + o)
                                * c.transposed_block
                                + l;
                            a.transposed[at] = if k < inputs {
                                weight_at(c, a.weight, a.weight_halves, g, o, positions - 1 - p, k)
                            } else {
                                0.0
                            };
                        }
                    }
                }
            }
        }
    }
}
