use super::halves;
use crate::simd::Processor;
use crate::weights::Weights;
use fearless_simd::dispatch;

#[test]
fn every_half_is_widened_exactly() {
    let all: Vec<f32> = (0..=u16::MAX)
        .map(|bits| half::f16::from_bits(bits).to_f32())
        .collect();
    let words: Vec<u32> = (0..=u16::MAX)
        .step_by(2)
        .map(|bits| u32::from(bits) | u32::from(bits + 1) << 16)
        .collect();
    assert_eq!(halves(&all[..0x7c01]).1, all[..0x7c01]);
    for processor in Processor::all() {
        let weights = Weights::new(16, &[], &words, &[]);
        let mut scratch = weights.scratch(all.len());
        // An odd number, so that some are left over by vectors.
        let range = 1..all.len();
        let floats = dispatch!(processor.level, simd => weights.floats(simd, range, &mut scratch));
        for (computed, expected) in floats.iter().zip(&all[1..]) {
            match expected.is_nan() {
                true => assert!(computed.is_nan()),
                false => assert_eq!(computed.to_bits(), expected.to_bits()),
            }
        }
    }
}
