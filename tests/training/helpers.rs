//! Steps in slices: the curve does not depend on who computes them.

use std::rc::Rc;

use alexnet_live::engine::{Device, DeviceOptions, Engine, Helper};
use alexnet_live::train::{Settings, State};

use super::{noise, trainer};
use crate::engine::InProcess;
use crate::support::device;

fn with_helpers(count: usize) -> Device {
    let opening = Device::open(DeviceOptions::on(Engine::Cpu));
    let mut device = pollster::block_on(opening).expect("the processor is there");
    let helpers = (0..count).map(|_| Rc::new(InProcess::default()) as Rc<dyn Helper>);
    device.employ(helpers.collect());
    device
}

/// A network with dropout, in batches of which the last is not full.
fn settings() -> Settings {
    let mut settings = Settings::of_names("alexnet-small", "relu").expect("registered");
    settings.batch = 18;
    settings
}

fn run(device: &Device, steps: usize) -> (State, Vec<(String, Vec<f32>)>) {
    let mut trainer = trainer(device, &settings(), &noise(50, 32));
    pollster::block_on(async {
        for _ in 0..steps {
            trainer.step(device).await.expect("a step");
        }
        let weights = trainer.weights(device).await.expect("weights");
        (trainer.state().clone(), weights)
    })
}

#[test]
fn the_curve_does_not_depend_on_the_number_of_helpers() {
    let (state, weights) = run(&with_helpers(0), 4);
    assert_eq!(state.epochs.len(), 1, "with a validation");
    for helpers in [1, 3] {
        let (same, also) = run(&with_helpers(helpers), 4);
        assert_eq!(same, state);
        for ((name, a), (_, b)) in weights.iter().zip(&also) {
            assert!(
                a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits()),
                "{name}"
            );
        }
    }
}

#[test]
fn slices_add_up_to_the_batch_and_drop_the_same_units() {
    let (_, whole) = run(&device(), 2);
    let (_, sliced) = run(&with_helpers(1), 2);
    for ((name, a), (_, b)) in whole.iter().zip(&sliced) {
        let most = a.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        let far = a
            .iter()
            .zip(b)
            .fold(0.0_f32, |far, (a, b)| far.max((a - b).abs()));
        assert!(far <= 1e-4 * most, "{name}: {far} of {most}");
    }
}
