//! The mirror of `shaders/bias.wgsl`.

use fearless_simd::{Simd, dispatch};

use crate::contract::bias::{BackwardBias, Constants, Mirror};
use crate::scratch::Scratch;
use crate::simd::Processor;

/// Positions that are summed before their sum joins the others, which keeps rounding small.
const PART: usize = 256;

impl Mirror for Processor {
    fn backward_bias(&self, constants: &Constants, arguments: BackwardBias<'_>) {
        let BackwardBias { dy, dbias, .. } = arguments;
        let mut sums = Scratch::new(2 * constants.channels);
        let (total, part) = sums.split_at_mut(constants.channels);
        let dy = &dy[..constants.positions * constants.channels];
        dispatch!(self.level, simd => sum(simd, dy, total, part));

        let outputs = constants.channels / constants.groups;
        let padded = outputs.next_multiple_of(constants.block);
        for (dbias, sums) in dbias
            .chunks_exact_mut(padded)
            .zip(total.chunks_exact(outputs))
        {
            let (dbias, padding) = dbias.split_at_mut(outputs);
            dbias.copy_from_slice(sums);
            padding.fill(0.0);
        }
    }
}

/// Sums `[positions][channels]` over the positions.
#[inline(always)]
fn sum<S: Simd>(simd: S, dy: &[f32], total: &mut [f32], part: &mut [f32]) {
    simd.vectorize(
        #[inline(always)]
        || {
            total.fill(0.0);
            for positions in dy.chunks(PART * total.len()) {
                part.fill(0.0);
                for dy in positions.chunks_exact(total.len()) {
                    add(part, dy);
                }
                add(total, part);
            }
        },
    );
}

#[inline(always)]
fn add(sums: &mut [f32], numbers: &[f32]) {
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum += number;
    }
}
