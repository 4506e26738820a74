//! Mirror of `shaders/gradient_norm.wgsl`: the norm of all gradients, and what it clips
//! and halts.

use crate::contract::gradient_norm::{Constants, Mirror, Scale, SumOfSquares};
use crate::simd::Processor;

/// Sums that run side by side, so that a long sum loses little.
const SUMS: usize = 16;

impl Mirror for Processor {
    fn sum_of_squares(&self, constants: &Constants, arguments: SumOfSquares<'_>) {
        let SumOfSquares { gradient, squares } = arguments;
        let gradient = &gradient[..constants.elements];
        let parts = &mut squares[constants.first_part..][..constants.workgroups];
        let share = constants.elements.div_ceil(constants.workgroups).max(1);
        parts.fill(0.0);
        for (part, gradient) in parts.iter_mut().zip(gradient.chunks(share)) {
            let mut sums = [0.0; SUMS];
            for few in gradient.chunks(SUMS) {
                for (sum, value) in sums.iter_mut().zip(few) {
                    *sum += value * value;
                }
            }
            *part = sums.iter().sum();
        }
    }

    fn scale(&self, constants: &Constants, arguments: Scale<'_>) {
        let Scale {
            summands,
            update,
            clip,
            run,
            ring,
        } = arguments;
        let sum: f32 = summands[..constants.parts].iter().sum();
        let norm = sum.sqrt();
        let clips = update.largest_norm > 0.0 && norm > update.largest_norm;
        clip.factor = if clips {
            update.largest_norm / norm
        } else {
            1.0
        };
        if !sum.is_finite() && clip.halted == 0.0 {
            clip.halted = (run.slot + 1) as f32;
        }
        let loss = ring[2 * run.slot as usize];
        clip.good = f32::from(u8::from(loss < constants.good_loss));
    }
}
