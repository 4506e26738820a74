//! Mirror of `shaders/dropout.wgsl`: `y = x * mask / (1 - PROBABILITY)`, the mask a hash
//! of seed, step, node and element, bit by bit as the shader computes it.

use crate::accumulate::store;
use crate::contract::Run;
use crate::contract::dropout::{BackwardInput, Constants, Forward, Mirror};
use crate::simd::Processor;

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, Forward { x, y, run }: Forward<'_>) {
        let factors = factors(constants, run);
        for ((y, x), factor) in y[..constants.elements].iter_mut().zip(x).zip(factors) {
            *y = x * factor;
        }
    }

    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput { run, dy, dx } = arguments;
        let factors = factors(constants, run);
        let gradients = dy.iter().zip(factors).map(|(dy, factor)| dy * factor);
        let dx = &mut dx[..constants.elements];
        store(dx, constants.accumulate, gradients);
    }
}

/// What each element is multiplied by.
fn factors(constants: &Constants, run: &Run) -> impl Iterator<Item = f32> {
    let salt = hash(
        run.step
            .wrapping_add(hash(run.seed.wrapping_add(hash(constants.node as u32)))),
    );
    let (probability, training) = (constants.probability, run.training == 1);
    let first = run.first_sample.wrapping_mul(constants.sample as u32);
    (0_u32..).map(move |element| {
        let index = first.wrapping_add(element);
        let bits = hash(hash(index) ^ salt);
        let drawn = (bits >> 8) as f32 / 16_777_216.0;
        match training {
            true if drawn >= probability => 1.0 / (1.0 - probability),
            true => 0.0,
            false => 1.0,
        }
    })
}

/// The PCG hash of Jarzynski and Olano, "Hash functions for GPU rendering" (2020).
fn hash(value: u32) -> u32 {
    let state = value.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    let word = ((state >> ((state >> 28) + 4)) ^ state).wrapping_mul(277_803_737);
    (word >> 22) ^ word
}
