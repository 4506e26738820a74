//! Whole steps on both engines = PyTorch's from the same weights and batches
//! (`tests/golden/training.py`): 50 losses, and the norms of the final weights.

use std::collections::HashMap;

use alexnet_live::engine::Device;
use alexnet_live::inference::target;
use alexnet_live::layers::Activation;
use alexnet_live::plan::{Optimizer, ParameterFactors, RunSettings, UpdateSettings};
use alexnet_live::train::{Random, Settings, Stream};
use serde::Deserialize;

use super::harness::Harness;
use crate::support::{device, gpu};

const BATCHES: usize = 4;
/// Steps that must be PyTorch's but for rounding.
const EXACT: usize = 15;

#[derive(Deserialize)]
struct Run {
    network: String,
    batch: usize,
    rate: f32,
    losses: Vec<f64>,
    weights: HashMap<String, Weights>,
}

#[derive(Deserialize)]
struct Weights {
    norm: f64,
}

/// From -1 to below 1.
fn uniform(stream: Stream, item: u32, count: usize) -> Vec<f64> {
    let mut random = Random::new(1, stream, item);
    (0..count).map(|_| random.uniform() * 2.0 - 1.0).collect()
}

fn assert_run(device: &Device, name: &str) {
    let runs: Vec<Run> =
        serde_json::from_str(include_str!("../golden/training.json")).expect("the script wrote it");
    let run = runs.into_iter().find(|run| run.network == name);
    let run = run.expect("a run of this network");
    let network = Settings::figure_1(name, Activation::Relu).network([32, 32, 3], 10);
    let network = network.expect("it takes such pictures");
    let factors = |_: &str| ParameterFactors::default();
    let target = target(device);
    let harness = Harness::new(device, &network, run.batch, target, Optimizer::Sgd, factors);
    let parameters = harness.plan.plan.parameters.clone();
    for (item, parameter) in (0..).zip(&parameters) {
        let inputs = parameter.shape.elements() / parameter.shape.0[0];
        let scale = match parameter.role {
            "weight" => (2.0 / inputs as f64).sqrt(),
            _ => 0.1,
        };
        let values: Vec<f32> = uniform(Stream::Weights, item, parameter.shape.elements())
            .into_iter()
            .map(|value| (value * scale) as f32)
            .collect();
        harness.write_parameter(&parameter.name, &values);
    }
    let pixels = 32 * 32 * 3 * run.batch;
    let images: Vec<f32> = uniform(Stream::Augmentation, 0, BATCHES * pixels)
        .into_iter()
        .map(|value| value as f32)
        .collect();
    let labels: Vec<u32> = (0..(BATCHES * run.batch) as u32)
        .map(|i| (7 * i + 3) % 10)
        .collect();

    let input = harness.plan.plan.value(network.inputs()[0]);
    for step in 0..run.losses.len() {
        let batch = step % BATCHES;
        harness.write(input, &images[batch * pixels..][..pixels]);
        harness.write(
            harness.plan.labels,
            &labels[batch * run.batch..][..run.batch],
        );
        harness.step(
            RunSettings {
                seed: 1,
                step: step as u32,
                samples: run.batch as u32,
                slot: step as u32,
                training: 1,
                first_sample: 0,
            },
            UpdateSettings {
                rate: run.rate,
                decay: 0.004,
                momentum: 0.9,
                beta2: 0.0,
                epsilon: 0.0,
                largest_norm: 0.0,
            },
        );
    }
    let ring = harness.read(harness.plan.ring, 2 * run.losses.len());
    let name = format!("{name} on {}", device.summary().name);
    let apart: Vec<f64> = (ring.chunks(2).zip(&run.losses))
        .map(|(found, expected)| (f64::from(found[0]) / expected - 1.0).abs())
        .collect();
    // After some 25 steps a window changes its maximum or a unit its side with the order
    // of the sums; until then rounding is rounding.
    let (exact, rough) = apart.split_at(EXACT);
    let is_close =
        exact.iter().all(|apart| *apart < 1e-5) && rough.iter().all(|apart| *apart < 1e-2);
    assert!(is_close, "{name}: losses are {apart:?} apart");
    for parameter in &parameters {
        let found = harness.weights(&parameter.name);
        let expected = &run.weights[&parameter.name];
        let norm = found.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>();
        let ratio = norm.sqrt() / expected.norm;
        assert!(
            (ratio - 1.0).abs() < 0.05,
            "{name}: norm of {}",
            parameter.name
        );
    }
}

#[test]
fn of_the_80_second_network_equals_pytorch() {
    for device in [device(), gpu()] {
        assert_run(&device, "cifar-80sec");
    }
}

#[test]
fn of_the_small_alexnet_equals_pytorch() {
    for device in [device(), gpu()] {
        assert_run(&device, "alexnet-small");
    }
}
