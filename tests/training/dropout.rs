//! Dropout's mask: the kept share, the expectation, other masks at each step
//! and in each layer. That backward uses forward's mask is proven in
//! `gradients`.

use alexnet_live::layers::Dropout;
use alexnet_live::network::Network;
use alexnet_live::plan::{Optimizer, ParameterFactors, Preset};

use super::harness::Harness;
use crate::support::device;

const COUNT: usize = 20_000;
const PROBABILITY: f32 = 0.3;

#[test]
fn the_mask_is_random_and_drawn_anew() {
    let device = device();
    let mut network = Network::new("dropout", [COUNT]);
    let input = network.last();
    let layer = Dropout {
        probability: PROBABILITY,
    };
    let first = network.then("first", layer.clone()).expect("valid");
    let second = network.add("second", layer, &[input]).expect("valid");
    let factors = |_: &str| ParameterFactors::default();
    let harness = Harness::new(
        &device,
        &network,
        1,
        Preset::SOFTWARE,
        Optimizer::Sgd,
        factors,
    );
    harness.write(harness.plan.plan.value(input), &[1.0_f32; COUNT]);
    let forward = |seed, step, training, node| {
        harness.prepare(seed, step, training);
        harness.evaluate();
        harness.read(harness.plan.plan.value(node), COUNT)
    };

    let y = forward(1, 5, true, first);
    let kept = y.iter().filter(|y| **y != 0.0).count() as f64;
    let (count, keep) = (COUNT as f64, 1.0 - f64::from(PROBABILITY));
    let sigma = (count * keep * (1.0 - keep)).sqrt();
    assert!((kept - count * keep).abs() < 3.0 * sigma, "{kept} kept");
    // As far as the kept share is, so far is the mean.
    let mean = y.iter().copied().map(f64::from).sum::<f64>() / count;
    assert!(
        (mean - 1.0).abs() < 3.0 * sigma / count / keep,
        "mean {mean}"
    );

    assert_eq!(
        y,
        forward(1, 5, true, first),
        "the same step, the same mask"
    );
    // Two independent masks agree where both keep or both drop.
    let agreement = keep * keep + (1.0 - keep) * (1.0 - keep);
    let sigma = (count * agreement * (1.0 - agreement)).sqrt();
    for (what, other) in [
        ("step", forward(1, 6, true, first)),
        ("seed", forward(2, 5, true, first)),
        ("layer", forward(1, 5, true, second)),
    ] {
        let same = y.iter().zip(&other).filter(|(a, b)| a == b).count() as f64;
        let difference = (same - count * agreement).abs();
        assert!(difference < 3.0 * sigma, "another {what}: {same} agree");
    }
    assert_eq!(forward(1, 5, false, first), [1.0; COUNT], "evaluating");
}
