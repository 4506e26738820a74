//! A step whose long dispatches run in parts, for the sake of weak GPUs, is the
//! step that runs in one, bit by bit. Only a GPU has parts.

use alexnet_live::layers::Activation;
use alexnet_live::plan::{Optimizer, ParameterFactors, RunSettings, UpdateSettings};
use alexnet_live::train::Settings;

use super::harness::Harness;
use crate::support::{PRESETS, gpu, random, target};

const BATCH: usize = 8;

/// All weights and losses after two steps.
fn trained(harness: &Harness<'_>, run: impl Fn()) -> Vec<Vec<u32>> {
    let bits = |values: Vec<f32>| values.into_iter().map(f32::to_bits).collect();
    let parameters = &harness.plan.plan.parameters;
    for (seed, parameter) in (1..).zip(parameters) {
        let mut values = random(seed, parameter.shape.elements());
        values.iter_mut().for_each(|value| *value *= 0.1);
        harness.write_parameter(&parameter.name, &values);
    }
    let labels: Vec<u32> = (0..BATCH as u32).collect();
    harness.write(harness.plan.labels, &labels);
    for step in 0..2 {
        harness.write(
            harness.plan.run,
            &[RunSettings {
                seed: 1,
                step,
                samples: BATCH as u32,
                slot: step,
                training: 1,
                first_sample: 0,
            }],
        );
        harness.write(
            harness.plan.update,
            &[UpdateSettings {
                rate: 0.01,
                decay: 0.004,
                momentum: 0.9,
                beta2: 0.999,
                epsilon: 1e-8,
                largest_norm: 0.0,
            }],
        );
        run();
    }
    let weights = parameters.iter().map(|p| bits(harness.weights(&p.name)));
    weights
        .chain([bits(harness.read(harness.plan.ring, 4))])
        .collect()
}

#[test]
fn add_up_to_the_whole() {
    let device = gpu();
    let network = Settings::figure_1("alexnet-small", Activation::Relu).network([32, 32, 3], 10);
    let network = network.expect("it takes such pictures");
    let images = random(99, BATCH * 32 * 32 * 3);
    for (preset, optimizer) in PRESETS.into_iter().zip([Optimizer::Sgd, Optimizer::Adam]) {
        let factors = |_: &str| ParameterFactors::default();
        let harness = || {
            let harness =
                Harness::new(&device, &network, BATCH, target(preset), optimizer, factors);
            harness.write(harness.plan.plan.value(network.inputs()[0]), &images);
            harness
        };
        let whole = harness();
        let expected = trained(&whole, || {
            pollster::block_on(whole.executable.run(&device)).expect("it runs");
        });
        let parts = harness();
        let mut divided = Vec::new();
        for dispatch in parts.plan.plan.dispatches() {
            let kernel = dispatch.kernel;
            if dispatch.parts() > 1 && !divided.contains(&kernel) {
                divided.push(kernel);
            }
        }
        let found = trained(&parts, || {
            for (step, dispatch) in parts.plan.plan.dispatches().iter().enumerate() {
                let count = dispatch.parts();
                if count == 1 {
                    parts.executable.run_steps(&device, step..step + 1);
                    continue;
                }
                let ends = [count / 7, count / 2, count];
                let mut first = 0;
                for end in ends {
                    parts
                        .executable
                        .run_part(&device, step, first..end.max(first));
                    first = end.max(first);
                }
            }
        });
        assert!(divided.len() >= 7, "{divided:?}");
        assert!(found == expected, "{}: other weights", preset.name);
        assert_ne!(expected[0], trained(&whole, || ())[0], "it learns");
    }
}
