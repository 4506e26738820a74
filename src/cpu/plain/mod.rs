//! The fast mirrors against plain loops in f64, at every instruction set that the
//! processor has.

mod conv2d;
mod conv2d_backward;
mod linear;
mod linear_backward;
mod weights;

use crate::simd::Processor;

/// Numbers in -1..1 that are the same each time.
pub(crate) fn random(seed: u32, count: usize) -> Vec<f32> {
    let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// Fails where a number differs by more than rounding explains.
pub(crate) fn assert_close(computed: &[f32], expected: &[f64], what: &str) {
    assert!(computed.len() >= expected.len(), "{what}: too few numbers");
    let scale = expected.iter().fold(1e-3, |most: f64, v| most.max(v.abs()));
    for (index, (computed, expected)) in computed.iter().zip(expected).enumerate() {
        let error = (f64::from(*computed) - expected).abs();
        assert!(
            error <= 1e-5 * scale,
            "{what}: {computed} instead of {expected} at {index}"
        );
    }
}

/// Blocks of one and of two vectors.
pub(crate) fn blocks(processor: &Processor) -> [usize; 2] {
    [processor.lanes(), 2 * processor.lanes()]
}

/// `[groups][blocks][positions][inputs][block]` from `[groups][outputs][inputs][positions]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packing {
    pub groups: usize,
    pub outputs: usize,
    pub inputs: usize,
    pub positions: usize,
    pub block: usize,
}

impl Packing {
    pub fn elements(&self) -> usize {
        self.groups * self.outputs.next_multiple_of(self.block) * self.inputs * self.positions
    }

    /// Where a weight stands.
    pub fn at(&self, group: usize, output: usize, input: usize, position: usize) -> usize {
        let block = group * self.outputs.div_ceil(self.block) + output / self.block;
        ((block * self.positions + position) * self.inputs + input) * self.block
            + output % self.block
    }

    /// Where each weight of the file's order stands.
    pub fn places(&self) -> Vec<usize> {
        let mut places = Vec::new();
        for group in 0..self.groups {
            for output in 0..self.outputs {
                for input in 0..self.inputs {
                    for position in 0..self.positions {
                        places.push(self.at(group, output, input, position));
                    }
                }
            }
        }
        places
    }

    pub fn pack<T: Copy + Default>(&self, weights: &[T]) -> Vec<T> {
        let mut packed = vec![T::default(); self.elements()];
        for (weight, place) in weights.iter().zip(self.places()) {
            packed[place] = *weight;
        }
        packed
    }

    pub fn unpack(&self, packed: &[f32]) -> Vec<f32> {
        self.places()
            .into_iter()
            .map(|place| packed[place])
            .collect()
    }
}

/// The words that hold halves, and the numbers that they stand for.
pub(crate) fn halves(weights: &[f32]) -> (Vec<u32>, Vec<f32>) {
    let halves: Vec<half::f16> = weights.iter().map(|w| half::f16::from_f32(*w)).collect();
    let words = halves
        .chunks(2)
        .map(|pair| {
            let bits = |index: usize| u32::from(pair.get(index).map_or(0, |half| half.to_bits()));
            bits(0) | bits(1) << 16
        })
        .collect();
    (words, halves.iter().map(|half| half.to_f32()).collect())
}

pub(crate) fn activate(code: usize, value: f64) -> f64 {
    match code {
        1 => value.max(0.0),
        2 => 1.0 / (1.0 + (-value).exp()),
        3 => value.tanh(),
        _ => value,
    }
}
