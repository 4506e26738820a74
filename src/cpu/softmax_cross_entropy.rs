//! Mirror of `shaders/softmax_cross_entropy.wgsl`: losses, errors and gradients of a
//! batch, and their sums in the ring.

use crate::contract::softmax_cross_entropy::{Constants, Forward, Gather, Mirror};
use crate::simd::Processor;

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, arguments: Forward<'_>) {
        let Forward {
            x,
            label,
            run,
            dx,
            loss,
        } = arguments;
        let (classes, samples) = (constants.classes, run.samples as f32);
        let rows = x.chunks_exact(classes).zip(dx.chunks_exact_mut(classes));
        let rows = rows.zip(loss.chunks_exact_mut(2)).zip(label);
        for (sample, (((x, dx), loss), label)) in rows.enumerate().take(constants.batch) {
            let right = *label as usize;
            let other = |from: &[f32]| from.iter().copied().fold(f32::MIN, f32::max);
            let largest_other = other(&x[..right]).max(other(&x[right + 1..]));
            let largest = largest_other.max(x[right]);
            let sum: f32 = x.iter().map(|x| (x - largest).exp()).sum();

            // A sample that fills up the last batch counts nowhere.
            let counts = f32::from(u8::from((sample as u32) < run.samples));
            for (class, (dx, x)) in dx.iter_mut().zip(x).enumerate() {
                let probability = (x - largest).exp() / sum;
                let target = f32::from(u8::from(class == right));
                *dx = counts * (probability - target) / samples;
            }
            loss[0] = sum.ln() + largest - x[right];
            // A logit that is not a number is wrong too.
            loss[1] = f32::from(u8::from(!matches!(
                x[right].partial_cmp(&largest_other),
                Some(std::cmp::Ordering::Greater)
            )));
        }
    }

    fn gather(&self, _: &Constants, Gather { run, losses, ring }: Gather<'_>) {
        let samples = losses.chunks_exact(2).take(run.samples as usize);
        let (mut loss, mut errors) = (0.0, 0.0);
        for sample in samples {
            loss += sample[0];
            errors += sample[1];
        }
        let entry = &mut ring[2 * run.slot as usize..][..2];
        entry.copy_from_slice(&[loss / run.samples as f32, errors]);
    }
}
