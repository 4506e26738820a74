//! Mirror of `shaders/conv2d.wgsl`.

use crate::activation::activate;
use crate::contract::conv2d::{Constants, Forward, Mirror};
use crate::simd::Processor;

impl Mirror for Processor {
    fn forward(&self, c: &Constants, arguments: Forward<'_>) {
        let Forward {
            x,
            weight,
            weight_f16,
            bias,
            y,
            ..
        } = arguments;
        let block = c.tile_outputs * c.output_lanes;
        let (inputs, outputs) = (c.in_channels / c.groups, c.out_channels / c.groups);
        let blocks = outputs.div_ceil(block);
        for n in 0..c.batch {
            for i in 0..c.out_height {
                for j in 0..c.out_width {
                    for o in 0..c.out_channels {
                        let (g, o_in) = (o / outputs, o % outputs);
                        let b = g * blocks + o_in / block;
                        let mut sum = 0.0;
                        for ky in 0..c.kernel_height {
                            for kx in 0..c.kernel_width {
                                let (r, q) = (
                                    i * c.stride_height + ky * c.dilation_height,
                                    j * c.stride_width + kx * c.dilation_width,
                                );
                                if r < c.padding_top || q < c.padding_left {
                                    continue;
                                }
                                let (r, q) = (r - c.padding_top, q - c.padding_left);
                                if r >= c.in_height || q >= c.in_width {
                                    continue;
                                }
                                for k in 0..inputs {
                                    let at = ((b * c.kernel_height * c.kernel_width
                                        + ky * c.kernel_width
                                        + kx)
                                        * inputs
                                        + k)
                                        * block
                                        + o_in % block;
                                    let w = if c.weight_f16 {
                                        half(weight_f16, at)
                                    } else {
                                        weight[at]
                                    };
                                    sum += w * x[((n * c.in_height + r) * c.in_width + q)
                                        * c.in_channels
                                        + g * inputs
                                        + k];
                                }
                            }
                        }
                        if c.has_bias {
                            sum += bias[b * block + o_in % block];
                        }
                        y[((n * c.out_height + i) * c.out_width + j) * c.out_channels + o] =
                            activate(c.activation, sum);
                    }
                }
            }
        }
    }
}

pub fn half(words: &[u32], at: usize) -> f32 {
    let bits = (words[at / 2] >> (16 * (at % 2))) & 0xffff;
    let sign = (bits >> 15) << 31;
    let (e, m) = ((bits >> 10) & 31, bits & 1023);
    match e {
        0 => f32::from_bits(sign | (m as f32 * 2f32.powi(-24)).to_bits()),
        31 => f32::from_bits(sign | 0x7f80_0000 | m << 13),
        _ => f32::from_bits(sign | (e + 112) << 23 | m << 13),
    }
}
