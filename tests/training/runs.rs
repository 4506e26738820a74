//! Whole runs: it learns by heart, goes on where it stopped, and stops when it
//! diverges.

use std::sync::Arc;

use alexnet_live::data::{Augmentation, Dataset, Samples};
use alexnet_live::error::Error;
use alexnet_live::gpu::Device;
use alexnet_live::layers::Activation;
use alexnet_live::train::{Random, Settings, Stream, Trainer};

use crate::support::device;

/// Noise, so that only learning by heart helps.
fn noise(count: usize, size: usize) -> Arc<Dataset> {
    let mut random = Random::new(11, Stream::Split, 0);
    let samples = Samples {
        pixels: (0..count * size * size * 3)
            .map(|_| random.bits() as u8)
            .collect(),
        labels: (0..count as u32).map(|index| index % 4).collect(),
    };
    let dataset = Dataset {
        name: "noise".to_owned(),
        classes: ["a", "b", "c", "d"].map(str::to_owned).to_vec(),
        shape: [size, size, 3],
        training: samples.clone(),
        validation: samples,
        notes: Vec::new(),
    };
    Arc::new(dataset.checked().expect("labels are classes"))
}

fn trainer(device: &Device, settings: &Settings, dataset: &Arc<Dataset>) -> Trainer {
    let trainer = Trainer::new(device, settings.clone(), dataset.clone(), |_, _| true);
    pollster::block_on(trainer).expect("it compiles")
}

#[test]
fn eight_pictures_are_learnt_by_heart() {
    let device = device();
    for activation in [Activation::Relu, Activation::Tanh] {
        let dataset = noise(8, 12);
        let settings = Settings {
            batch: 8,
            rate: 0.01,
            ..Settings::figure_1("cifar-80sec", activation)
        };
        let mut trainer = trainer(&device, &settings, &dataset);
        let mut last = None;
        for _ in 0..100 {
            let result = pollster::block_on(trainer.epoch(&device, |_| true)).expect("it trains");
            last = result.validation;
            if last.is_some_and(|last| last.error == 0.0 && last.loss < 0.05) {
                break;
            }
        }
        let last = last.expect("it validates");
        assert!(
            last.error == 0.0 && last.loss < 0.05,
            "{activation:?}: {last:?}"
        );
    }
}

#[test]
fn a_resumed_run_is_the_uninterrupted_one() {
    let device = device();
    let dataset = noise(83, 12);
    let settings = Settings {
        batch: 5, // 17 steps an epoch, the last of 3 samples
        dropout: 0.5,
        augmentation: Augmentation {
            padding: 1,
            mirror: true,
            colour: 0.1,
        },
        ..Settings::figure_1("alexnet-small", Activation::Relu)
    };
    let weights = |trainer: &Trainer| pollster::block_on(trainer.weights(&device)).expect("read");

    let mut whole = trainer(&device, &settings, &dataset);
    for _ in 0..2 {
        pollster::block_on(whole.epoch(&device, |_| true)).expect("it trains");
    }

    let mut first = trainer(&device, &settings, &dataset);
    pollster::block_on(first.epoch(&device, |_| true)).expect("it trains");
    for step in 17..25 {
        let news = pollster::block_on(first.step(&device)).expect("it trains");
        assert_eq!(news.steps.len(), 1);
        assert_eq!((news.steps[0].step, news.epoch), (step, None));
    }
    let file = pollster::block_on(first.save(&device)).expect("it is saved");
    drop(first);

    let mut second = trainer(&device, &settings, &dataset);
    second.restore(&device, &file).expect("it fits");
    assert_eq!(second.state().step, 17 + 8);
    pollster::block_on(second.epoch(&device, |_| true)).expect("it trains");
    assert_eq!(second.state(), whole.state());
    assert_eq!(weights(&second), weights(&whole));

    let other = Settings {
        seed: 2,
        ..settings.clone()
    };
    let mut other = trainer(&device, &other, &dataset);
    pollster::block_on(other.epoch(&device, |_| true)).expect("it trains");
    assert_ne!(other.state().epochs[0], whole.state().epochs[0]);
    // A file of another network changes nothing.
    let before = weights(&other);
    let damaged = other.restore(&device, &file[..file.len() - 1]);
    assert!(
        matches!(damaged, Err(Error::Malformed { .. })),
        "{damaged:?}"
    );
    assert_eq!(weights(&other), before);
}

#[test]
fn a_run_that_diverges_stops_and_keeps_finite_weights() {
    let device = device();
    let settings = Settings {
        batch: 8,
        rate: 1e6,
        ..Settings::figure_1("cifar-80sec", Activation::Relu)
    };
    let mut trainer = trainer(&device, &settings, &noise(64, 12));
    let error = pollster::block_on(trainer.epoch(&device, |_| true));
    assert!(matches!(error, Err(Error::Diverged { .. })), "{error:?}");
    let weights = pollster::block_on(trainer.weights(&device)).expect("they can be read");
    let finite = weights
        .iter()
        .all(|(_, values)| values.iter().all(|v| v.is_finite()));
    assert!(finite, "no update follows a gradient that is not finite");
}
