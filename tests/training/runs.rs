//! Whole runs: it learns by heart, begins with pictures only, and takes other
//! settings on its way.

use std::sync::Arc;

use alexnet_live::data::{Augmentation, Samples};
use alexnet_live::error::Error;
use alexnet_live::layers::Activation;
use alexnet_live::train::{Settings, Trainer};

use super::{noise, trainer};
use crate::support::device;

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
fn nothing_to_train_with_is_an_error() {
    let device = device();
    let mut empty = (*noise(4, 12)).clone();
    empty.training = Samples::default();
    let settings = Settings::figure_1("four-layer", Activation::Relu);
    let trainer = Trainer::new(&device, settings, Arc::new(empty), |_, _| true);
    let error = pollster::block_on(trainer).expect_err("no pictures");
    assert_eq!(*error, Error::NoPictures);
}

#[test]
fn augmentation_changes_while_it_runs() {
    let device = device();
    let settings = Settings {
        batch: 8,
        ..Settings::figure_1("four-layer", Activation::Relu)
    };
    let mut plain = trainer(&device, &settings, &noise(8, 12));
    let mut changed = trainer(&device, &settings, &noise(8, 12));
    let step = |trainer: &mut Trainer| {
        let news = pollster::block_on(trainer.step(&device)).expect("it trains");
        news.steps[0].loss
    };
    assert_eq!(step(&mut plain), step(&mut changed));
    let augmentation = Augmentation {
        padding: usize::MAX, // all black, most likely
        mirror: true,
        colour: 0.5,
    };
    let augmented = Settings {
        augmentation,
        ..settings
    };
    changed.change(augmented).expect("it may change");
    assert_ne!(step(&mut plain), step(&mut changed));
}
