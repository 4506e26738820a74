use super::{Packing, activate, assert_close, blocks, halves, random};
use crate::contract::linear::{Constants, Forward, Mirror as _};
use crate::simd::Processor;

/// Sizes of a linear layer and of the chunk of its outputs that is computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub batch: usize,
    pub inputs: usize,
    pub outputs: usize,
    pub first: usize,
    pub chunk: usize,
}

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    Case { batch: 1, inputs: 1, outputs: 1, first: 0, chunk: 1 },
    Case { batch: 1, inputs: 37, outputs: 10, first: 0, chunk: 10 },
    Case { batch: 1, inputs: 1543, outputs: 70, first: 32, chunk: 38 },
    Case { batch: 3, inputs: 66, outputs: 101, first: 64, chunk: 32 },
    Case { batch: 8, inputs: 1030, outputs: 33, first: 0, chunk: 33 },
    Case { batch: 13, inputs: 5, outputs: 3, first: 0, chunk: 3 },
];

/// Weights in one of the three formats, `[chunk][inputs]`.
pub(super) struct Weights {
    pub bits: usize,
    /// What they stand for.
    pub values: Vec<f32>,
    pub words: Vec<u32>,
    pub codebook: Vec<f32>,
}

impl Weights {
    pub fn new(case: &Case, block: usize, bits: usize) -> Self {
        let packing = Packing {
            groups: 1,
            outputs: case.chunk,
            inputs: case.inputs,
            positions: 1,
            block,
        };
        let floats = random(2, case.chunk * case.inputs);
        let codebook = random(5, 16);
        let (values, words) = match bits {
            4 => {
                let codes: Vec<u32> = floats
                    .iter()
                    .map(|v| ((v + 1.0) * 8.0) as u32 & 15)
                    .collect();
                let word =
                    |codes: &[u32]| codes.iter().rev().fold(0, |word, code| word << 4 | code);
                let words = packing.pack(&codes).chunks(8).map(word).collect();
                (
                    codes.iter().map(|code| codebook[*code as usize]).collect(),
                    words,
                )
            }
            16 => (halves(&floats).1, halves(&packing.pack(&floats)).0),
            _ => {
                let words = packing.pack(&floats).iter().map(|v| v.to_bits()).collect();
                (floats, words)
            }
        };
        Self {
            bits,
            values,
            words,
            codebook,
        }
    }
}

#[test]
fn forward_equals_plain_loops() {
    for case in CASES {
        let x = random(1, case.batch * case.inputs);
        let bias = random(3, case.outputs);
        for processor in Processor::all() {
            for block in blocks(&processor)
                .into_iter()
                .filter(|block| block % 8 == 0)
            {
                for (bits, activation) in [(32, 1), (16, 0), (4, 3), (32, 2)] {
                    let weights = Weights::new(case, block, bits);
                    let untouched = f64::from(f32::MAX);
                    let mut expected = vec![untouched; case.batch * case.outputs];
                    for n in 0..case.batch {
                        for o in 0..case.chunk {
                            let mut sum = f64::from(bias[case.first + o]);
                            for i in 0..case.inputs {
                                let weight = weights.values[o * case.inputs + i];
                                sum += f64::from(x[n * case.inputs + i]) * f64::from(weight);
                            }
                            expected[n * case.outputs + case.first + o] = activate(activation, sum);
                        }
                    }
                    let mut y = vec![f32::MAX; case.batch * case.outputs];
                    let constants = Constants {
                        batch: case.batch,
                        in_features: case.inputs,
                        out_features: case.outputs,
                        first_output: case.first,
                        outputs: case.chunk,
                        has_bias: true,
                        weight_bits: weights.bits,
                        activation,
                        tile_samples: 1,
                        tile_outputs: 4,
                        output_lanes: block / 4,
                        slices: 1,
                    };
                    processor.forward(
                        &constants,
                        Forward {
                            x: &x,
                            x_vectors: &x,
                            weight: bytemuck::cast_slice(&weights.words),
                            weight_words: &weights.words,
                            bias: &bias,
                            codebook: &weights.codebook,
                            y: &mut y,
                        },
                    );
                    let what =
                        format!("{case:?}, {}, block {block}, {bits} bits", processor.name());
                    // Beyond the chunk nothing was written.
                    let inside = |index: &usize| {
                        (case.first..case.first + case.chunk).contains(&(index % case.outputs))
                    };
                    let (mut own, mut own_expected) = (Vec::new(), Vec::new());
                    for index in 0..y.len() {
                        match inside(&index) {
                            true => {
                                own.push(y[index]);
                                own_expected.push(expected[index]);
                            }
                            false => assert_eq!(y[index], f32::MAX, "{what}: {index} was written"),
                        }
                    }
                    assert_close(&own, &own_expected, &what);
                }
            }
        }
    }
}
