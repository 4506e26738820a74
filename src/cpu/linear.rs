//! Mirror of `shaders/linear.wgsl`.

use crate::activation::activate;
use crate::contract::linear::{Constants, Forward, Mirror};
use crate::conv2d::half;
use crate::simd::Processor;

pub fn number(bits: usize, w: &[f32], words: &[u32], codebook: &[f32], at: usize) -> f32 {
    match bits {
        4 => codebook[(words[at / 8] >> (4 * (at % 8))) as usize & 15],
        16 => half(words, at),
        _ => w[at],
    }
}

impl Mirror for Processor {
    fn forward(&self, c: &Constants, a: Forward<'_>) {
        let block = c.tile_outputs * c.output_lanes;
        for n in 0..c.batch {
            for o in 0..c.outputs {
                let mut sum = 0.0;
                for i in 0..c.in_features {
                    let at = (o / block * c.in_features + i) * block + o % block;
                    sum += a.x[n * c.in_features + i]
                        * number(c.weight_bits, a.weight, a.weight_words, a.codebook, at);
                }
                let to = c.first_output + o;
                if c.has_bias {
                    sum += a.bias[to];
                }
                a.y[n * c.out_features + to] = activate(c.activation, sum);
            }
        }
    }
}
