//! Dropout's mask: the kept share, the expectation, other masks at each step
//! and in each layer, the same ones on both engines. That backward uses forward's mask is
//! proven in `gradients`.

use alexnet_live::engine::Device;
use alexnet_live::layers::Dropout;
use alexnet_live::network::{Network, NodeId};
use alexnet_live::plan::Target;

use super::harness::Harness;
use crate::support::engines;

const COUNT: usize = 20_000;
const PROBABILITY: f32 = 0.3;

/// Two layers that read the same ones.
struct Masks<'a> {
    harness: Harness<'a>,
    layers: [NodeId; 2],
}

impl<'a> Masks<'a> {
    fn new((device, targets): &'a (Device, Vec<Target>)) -> Self {
        let mut network = Network::new("dropout", [COUNT]);
        let input = network.last();
        let layer = Dropout {
            probability: PROBABILITY,
        };
        let first = network.then("first", layer.clone()).expect("valid");
        let second = network.add("second", layer, &[input]).expect("valid");
        let harness = Harness::without_update(device, &network, 1, targets[0]);
        harness.write(harness.plan.plan.value(input), &[1.0_f32; COUNT]);
        let layers = [first, second];
        Self { harness, layers }
    }

    /// What a layer makes of the ones.
    fn forward(&self, seed: u32, step: u32, training: bool, layer: usize) -> Vec<f32> {
        self.harness.prepare(seed, step, training);
        self.harness.evaluate();
        let slice = self.harness.plan.plan.value(self.layers[layer]);
        self.harness.read(slice, COUNT)
    }
}

#[test]
fn the_mask_is_random_and_drawn_anew() {
    for on in &engines() {
        assert_random(&Masks::new(on));
    }
}

#[test]
fn both_engines_draw_the_same_masks() {
    let engines = engines();
    let [cpu, gpu] = [0, 1].map(|index| Masks::new(&engines[index]));
    let kept = |masks: &Masks, seed, step, layer| -> Vec<bool> {
        let y = masks.forward(seed, step, true, layer);
        y.into_iter().map(|y| y != 0.0).collect()
    };
    for (seed, step) in [(1, 0), (1, 1), (7, 123_456), (u32::MAX, u32::MAX)] {
        for layer in 0..2 {
            assert!(
                kept(&cpu, seed, step, layer) == kept(&gpu, seed, step, layer),
                "seed {seed}, step {step}, layer {layer}"
            );
        }
    }
}

fn assert_random(masks: &Masks) {
    let forward = |seed, step, training, layer| masks.forward(seed, step, training, layer);
    let (first, second) = (0, 1);
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
