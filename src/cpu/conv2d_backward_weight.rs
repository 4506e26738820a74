//! Mirror of `shaders/conv2d_backward_weight.wgsl`.

use crate::contract::conv2d_backward_weight::{BackwardWeight, Constants, Mirror, Reduce};
use crate::simd::Processor;

fn elements(c: &Constants) -> usize {
    let blocks = (c.out_channels / c.groups).div_ceil(c.block);
    c.groups * blocks * c.block * c.kernel_height * c.kernel_width * (c.in_channels / c.groups)
}

impl Mirror for Processor {
    fn backward_weight(&self, c: &Constants, a: BackwardWeight<'_>) {
        let (inputs, outputs) = (c.in_channels / c.groups, c.out_channels / c.groups);
        let blocks = outputs.div_ceil(c.block);
        let elements = elements(c);
        a.parts[..c.splits * elements].fill(0.0);
        let samples = c.batch.div_ceil(c.splits);
        for n in 0..c.batch {
            for i in 0..c.out_height {
                for j in 0..c.out_width {
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
                            for o in 0..c.out_channels {
                                let (g, o_in) = (o / outputs, o % outputs);
                                let d = a.dy[((n * c.out_height + i) * c.out_width + j)
                                    * c.out_channels
                                    + o];
                                for k in 0..inputs {
                                    let at = (((g * blocks + o_in / c.block)
                                        * c.kernel_height
                                        * c.kernel_width
                                        + ky * c.kernel_width
                                        + kx)
                                        * inputs
                                        + k)
                                        * c.block
                                        + o_in % c.block;
                                    a.parts[n / samples * elements + at] +=
                                        d * a.x[((n * c.in_height + r) * c.in_width + q)
                                            * c.in_channels
                                            + g * inputs
                                            + k];
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn reduce(&self, c: &Constants, a: Reduce<'_>) {
        let elements = elements(c);
        for (i, d) in a.dweight[..elements].iter_mut().enumerate() {
            *d = (0..c.splits).map(|s| a.summands[s * elements + i]).sum();
        }
    }
}
