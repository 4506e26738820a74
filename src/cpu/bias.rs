//! Mirror of `shaders/bias.wgsl`.

use crate::contract::bias::{BackwardBias, Constants, Mirror};
use crate::simd::Processor;

impl Mirror for Processor {
    fn backward_bias(&self, c: &Constants, a: BackwardBias<'_>) {
        let outputs = c.channels / c.groups;
        let padded = outputs.div_ceil(c.block) * c.block;
        a.dbias.fill(0.0);
        for dy in a.dy.chunks_exact(c.channels).take(c.positions) {
            for (o, d) in dy.iter().enumerate() {
                a.dbias[o / outputs * padded + o % outputs] += d;
            }
        }
    }
}
