//! Mirror of `shaders/linear_backward.wgsl`.

use crate::contract::linear_backward::{BackwardInput, BackwardWeight, Constants, Mirror};
use crate::linear::number;
use crate::simd::Processor;

impl Mirror for Processor {
    fn backward_input(&self, c: &Constants, a: BackwardInput<'_>) {
        for n in 0..c.batch {
            for i in 0..c.in_features {
                let mut sum = 0.0;
                for o in 0..c.outputs {
                    let at = (o / c.block * c.in_features + i) * c.block + o % c.block;
                    sum += a.dy[n * c.out_features + c.first_output + o]
                        * number(c.weight_bits, a.weight, a.weight_words, a.codebook, at);
                }
                let dx = &mut a.dx[n * c.in_features + i];
                *dx = if c.accumulate { *dx } else { 0.0 } + sum;
            }
        }
    }

    fn backward_weight(&self, c: &Constants, a: BackwardWeight<'_>) {
        a.dweight.fill(0.0);
        for n in 0..c.batch {
            for o in 0..c.outputs {
                for i in 0..c.in_features {
                    let at = (o / c.block * c.in_features + i) * c.block + o % c.block;
                    a.dweight[at] +=
                        a.dy[n * c.out_features + c.first_output + o] * a.x[n * c.in_features + i];
                }
            }
        }
    }
}
