//! A run that changes engines: what one began, the other goes on with.

use alexnet_live::engine::Device;
use alexnet_live::layers::Activation;
use alexnet_live::plan::Optimizer;
use alexnet_live::train::{Checkpoint, Settings, Trainer};

use super::{noise, trainer};
use crate::support::{assert_close, device, gpu};

const STEPS: usize = 12;

/// With all that a run remembers: Adam's moments, the masks of dropout, an order.
fn settings() -> Settings {
    Settings {
        batch: 5,
        optimizer: Optimizer::Adam,
        rate: 0.001,
        dropout: 0.5,
        ..Settings::figure_1("alexnet-small", Activation::Tanh)
    }
}

/// Trains half of the steps on one device and the rest on the other; losses of all, and
/// the weights.
fn run(devices: [&Device; 2]) -> (Vec<f32>, Vec<(String, Vec<f32>)>) {
    let dataset = noise(40, 12);
    let mut losses = Vec::new();
    let mut step = |trainer: &mut Trainer, device: &Device| {
        for _ in 0..STEPS / 2 {
            let news = pollster::block_on(trainer.step(device)).expect("it trains");
            losses.extend(news.steps.iter().map(|step| step.loss as f32));
        }
    };
    let mut first = trainer(devices[0], &settings(), &dataset);
    step(&mut first, devices[0]);
    let file = pollster::block_on(first.save(devices[0])).expect("it is saved");
    let mut second = trainer(devices[1], &settings(), &dataset);
    let checkpoint = Checkpoint::open(file).expect("a checkpoint");
    second.restore(devices[1], &checkpoint).expect("it fits");
    step(&mut second, devices[1]);
    let weights = pollster::block_on(second.weights(devices[1])).expect("read");
    (losses, weights)
}

#[test]
fn a_checkpoint_goes_on_with_the_other_engine() {
    let (cpu, gpu) = (device(), gpu());
    let (losses, weights) = run([&cpu, &cpu]);
    assert_eq!(losses.len(), STEPS);
    let wide = |values: &[f32]| values.iter().copied().map(f64::from).collect::<Vec<_>>();
    for devices in [[&cpu, &gpu], [&gpu, &cpu], [&gpu, &gpu]] {
        let name = devices
            .map(|device| device.summary().name.clone())
            .join(", then ");
        let (found, ended) = run(devices);
        assert_close(&name, &found, &wide(&losses), 1e-4);
        for ((parameter, found), (_, expected)) in ended.iter().zip(&weights) {
            // Adam makes whole steps of a gradient that is nothing but rounding, so single
            // numbers may part while the weights as a whole agree.
            let square = |value: f32| f64::from(value) * f64::from(value);
            let pairs = found.iter().zip(expected);
            let apart: f64 = pairs
                .map(|(found, expected)| square(found - expected))
                .sum();
            let whole: f64 = expected.iter().map(|value| square(*value)).sum();
            assert!(apart.sqrt() <= 1e-2 * whole.sqrt(), "{name}: {parameter}");
        }
    }
}
