use super::linear::{CASES, Case, Weights};
use super::{Packing, assert_close, blocks, random};
use crate::contract::linear_backward::{BackwardInput, BackwardWeight, Constants, Mirror as _};
use crate::simd::Processor;

fn constants(case: &Case, block: usize, weight_bits: usize, accumulate: bool) -> Constants {
    Constants {
        batch: case.batch,
        in_features: case.inputs,
        out_features: case.outputs,
        first_output: case.first,
        outputs: case.chunk,
        block,
        weight_bits,
        accumulate,
    }
}

#[test]
fn backward_input_equals_plain_loops() {
    for case in CASES {
        let dy = random(4, case.batch * case.outputs);
        let before = random(6, case.batch * case.inputs);
        for processor in Processor::all() {
            for block in blocks(&processor)
                .into_iter()
                .filter(|block| block % 8 == 0)
            {
                for (bits, accumulate) in [(32, false), (16, true), (4, false)] {
                    let weights = Weights::new(case, block, bits);
                    let mut expected = vec![0.0; before.len()];
                    for n in 0..case.batch {
                        for i in 0..case.inputs {
                            let at = n * case.inputs + i;
                            if accumulate {
                                expected[at] = f64::from(before[at]);
                            }
                            for o in 0..case.chunk {
                                let weight = weights.values[o * case.inputs + i];
                                let dy = dy[n * case.outputs + case.first + o];
                                expected[at] += f64::from(dy) * f64::from(weight);
                            }
                        }
                    }
                    let mut dx = before.clone();
                    let arguments = BackwardInput {
                        weight: bytemuck::cast_slice(&weights.words),
                        dy: &dy,
                        dx: &mut dx,
                        weight_words: &weights.words,
                        codebook: &weights.codebook,
                    };
                    processor.backward_input(&constants(case, block, bits, accumulate), arguments);
                    let what =
                        format!("{case:?}, {}, block {block}, {bits} bits", processor.name());
                    assert_close(&dx, &expected, &what);
                }
            }
        }
    }
}

#[test]
fn backward_weight_equals_plain_loops() {
    for case in CASES {
        let (x, dy) = (
            random(1, case.batch * case.inputs),
            random(4, case.batch * case.outputs),
        );
        let mut expected = vec![0.0; case.chunk * case.inputs];
        for n in 0..case.batch {
            for o in 0..case.chunk {
                for i in 0..case.inputs {
                    let dy = dy[n * case.outputs + case.first + o];
                    expected[o * case.inputs + i] +=
                        f64::from(dy) * f64::from(x[n * case.inputs + i]);
                }
            }
        }
        for processor in Processor::all() {
            for block in blocks(&processor) {
                let packing = Packing {
                    groups: 1,
                    outputs: case.chunk,
                    inputs: case.inputs,
                    positions: 1,
                    block,
                };
                let mut dweight = vec![f32::NAN; packing.elements()];
                let arguments = BackwardWeight {
                    x: &x,
                    dy: &dy,
                    dweight: &mut dweight,
                };
                processor.backward_weight(&constants(case, block, 32, false), arguments);
                let what = format!("{case:?}, {}, block {block}", processor.name());
                assert_close(&packing.unpack(&dweight), &expected, &what);
                assert!(dweight.iter().all(|value| value.is_finite()), "{what}");
            }
        }
    }
}
