//! A run goes on where it stopped, with its own pictures.

use std::sync::Arc;

use alexnet_live::data::Augmentation;
use alexnet_live::error::Error;
use alexnet_live::layers::Activation;
use alexnet_live::train::{Checkpoint, EpochResult, Settings, State, Trainer};
use alexnet_live::weights::WeightsFile;

use super::{noise, trainer};
use crate::support::device;

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
    let checkpoint = Checkpoint::open(file.clone()).expect("it was saved");
    second.restore(&device, &checkpoint).expect("it fits");
    assert_eq!(second.state().step, 17 + 8);
    pollster::block_on(second.epoch(&device, |_| true)).expect("it trains");
    assert_eq!(weights(&second), weights(&whole));
    let (resumed, uninterrupted) = (second.state(), whole.state());
    assert_eq!(resumed.step, uninterrupted.step);
    assert_eq!(resumed.epochs.len(), uninterrupted.epochs.len());
    for (a, b) in resumed.epochs.iter().zip(&uninterrupted.epochs) {
        let each = |epoch: &EpochResult| {
            let validation = epoch.validation.expect("it validates");
            let training = epoch.training;
            [
                training.loss,
                training.error,
                validation.loss,
                validation.error,
            ]
        };
        // The reader of JSON may miss the last bit of a number that was written down.
        let apart = |(a, b): (f64, f64)| (a / b - 1.0).abs();
        assert!(
            each(a)
                .into_iter()
                .zip(each(b))
                .map(apart)
                .all(|apart| apart < 1e-15)
        );
    }

    let other = Settings {
        seed: 2,
        ..settings.clone()
    };
    let mut other = trainer(&device, &other, &dataset);
    pollster::block_on(other.epoch(&device, |_| true)).expect("it trains");
    assert_ne!(other.state().epochs[0], whole.state().epochs[0]);
    assert!(Checkpoint::open(file[..file.len() - 1].to_vec()).is_err());
    // A checkpoint of another network changes nothing.
    let small = Settings::figure_1("cifar-80sec", Activation::Relu);
    let mut small = trainer(&device, &small, &dataset);
    let before = weights(&small);
    assert!(small.restore(&device, &checkpoint).is_err());
    assert_eq!(weights(&small), before);
}

#[test]
fn a_checkpoint_goes_on_with_its_own_pictures_or_not_at_all() {
    let device = device();
    let settings = Settings {
        batch: 5,
        ..Settings::figure_1("four-layer", Activation::Relu)
    };
    let dataset = noise(23, 12);
    let mut first = trainer(&device, &settings, &dataset);
    for _ in 0..7 {
        pollster::block_on(first.step(&device)).expect("it trains");
    }
    let file = pollster::block_on(first.save(&device)).expect("it is saved");
    let mut checkpoint = Checkpoint::open(file).expect("it was saved");

    let others = {
        let mut others = (*dataset).clone();
        others.training.pixels[7] ^= 128;
        Arc::new(others)
    };
    for (dataset, found) in [(noise(20, 12), 20), (noise(96, 12), 96), (others, 23)] {
        let mut other = trainer(&device, &settings, &dataset);
        let name = || "noise".to_owned();
        let refused = Error::OtherDataset {
            name: name(),
            expected: 23,
            open: name(),
            found,
        };
        assert_eq!(
            other.restore(&device, &checkpoint),
            Err(refused.into()),
            "{found}"
        );
        assert_eq!(*other.state(), State::default());
    }

    // Where no run with these pictures can be: of 5 steps an epoch, 2 in the second.
    let good = checkpoint.state.clone();
    assert_eq!((good.step, good.epochs.len(), good.seen), (7, 1, 10));
    let hostile = |change: fn(&mut State)| {
        let mut state = good.clone();
        change(&mut state);
        state
    };
    for state in [
        hostile(|state| state.step = 4),
        hostile(|state| state.step = 11),
        hostile(|state| state.step = u32::MAX),
        hostile(|state| state.seen = 11),
        hostile(|state| state.errors = usize::MAX),
        hostile(|state| state.epochs.clear()),
    ] {
        checkpoint.state = state;
        let error = first
            .restore(&device, &checkpoint)
            .expect_err("no such state");
        assert!(matches!(*error, Error::Malformed { .. }), "{error:?}");
    }
    checkpoint.state = good;
    first.restore(&device, &checkpoint).expect("its own");
    pollster::block_on(first.epoch(&device, |_| true)).expect("it goes on");
    assert_eq!(first.state().step, 10);
}

#[test]
fn weights_that_are_no_numbers_are_refused_by_name() {
    let device = device();
    let settings = Settings {
        batch: 5,
        ..Settings::figure_1("four-layer", Activation::Relu)
    };
    let dataset = noise(8, 12);
    let mut trainer = trainer(&device, &settings, &dataset);
    let mut weights = pollster::block_on(trainer.weights(&device)).expect("read");
    let (name, values) = &mut weights[2];
    let (tensor, sound) = (name.clone(), values.clone());
    values[3] = f32::NAN;
    trainer.set_weights(&device, &weights);
    let file = pollster::block_on(trainer.save(&device)).expect("it is saved");
    weights[2].1 = sound;
    trainer.set_weights(&device, &weights);
    let checkpoint = Checkpoint::open(file.clone()).expect("it was saved");
    let refused = Err(Error::WeightsNotFinite { tensor }.into());
    assert_eq!(trainer.restore(&device, &checkpoint), refused);
    let file = WeightsFile::open(file).expect("a file of weights");
    assert_eq!(trainer.restore_weights(&device, &file), refused);
    let kept = pollster::block_on(trainer.weights(&device)).expect("read");
    assert_eq!(kept, weights, "nothing has changed");
}
