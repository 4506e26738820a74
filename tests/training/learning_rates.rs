//! Learning rates that are too high, and finding one that is not.

use std::time::Duration;

use alexnet_live::engine::Device;
use alexnet_live::error::Error;
use alexnet_live::layers::Activation;
use alexnet_live::plan::Optimizer;
use alexnet_live::train::{Settings, Trainer, find_rate};

use super::{noise, trainer};
use crate::support::device;

#[test]
fn a_run_that_diverges_stops_with_its_last_good_weights_and_can_go_on() {
    let device = device();
    let dataset = noise(64, 12);
    let settings = Settings {
        batch: 8,
        rate: 1e6,
        ..Settings::figure_1("cifar-80sec", Activation::Relu)
    };
    let mut trainer = trainer(&device, &settings, &dataset);
    let first = weights(&trainer, &device);
    let error = pollster::block_on(trainer.epoch(&device, |_| true)).expect_err("it diverges");
    let Error::Diverged { step, .. } = *error else {
        panic!("{error}");
    };
    assert_eq!(trainer.state().step, step);
    // The first step's loss was that of guessing; the second one's weights were ruined.
    assert_eq!(weights(&trainer, &device), first);

    let other = Settings {
        activation: "tanh".to_owned(),
        ..settings.clone()
    };
    assert_eq!(
        trainer.change(other),
        Err(Error::NeedsRestart {
            setting: "activation"
        }
        .into())
    );
    let slower = Settings {
        rate: 0.001,
        ..settings
    };
    trainer.change(slower).expect("rates may change");
    for _ in 0..3 {
        let news = pollster::block_on(trainer.step(&device)).expect("it trains");
        assert!(news.steps[0].loss < 10.0, "{news:?}");
    }
    assert_ne!(weights(&trainer, &device), first);
}

#[test]
fn the_best_rate_is_neither_the_slowest_nor_one_that_diverges() {
    let device = device();
    let settings = Settings {
        batch: 8,
        ..Settings::figure_1("cifar-80sec", Activation::Relu)
    };
    let mut trainer = trainer(&device, &settings, &noise(8, 12));
    let rates = [1e-6, 0.01, 1e6];
    let search = find_rate(&mut trainer, &device, &rates, 20, |_| true);
    let search = pollster::block_on(search).expect("it searches");
    assert_eq!(search.rate, Some(0.01));
    let diverged: Vec<bool> = search.trials.iter().map(|trial| trial.diverged).collect();
    assert_eq!(diverged, [false, false, true]);
    // From the same weights over the same batch.
    assert_eq!(search.trials[0].losses[0], search.trials[1].losses[0]);

    let stopped = find_rate(&mut trainer, &device, &rates, 20, |_| false);
    assert_eq!(pollster::block_on(stopped), Err(Error::Stopped.into()));
}

/// The weights of a run.
fn weights(trainer: &Trainer, device: &Device) -> Vec<(String, Vec<f32>)> {
    pollster::block_on(trainer.weights(device)).expect("read")
}

/// Adam's first step moves no weight by more than the rate; later ones correct for
/// moments that remember less than they count.
#[test]
fn adam_begins_anew_after_a_run_diverged() {
    let device = device();
    let settings = Settings {
        batch: 8,
        optimizer: Optimizer::Adam,
        rate: 1e-4,
        bias_rate: 1.0,
        ..Settings::figure_1("four-layer", Activation::Relu)
    };
    let mut trainer = trainer(&device, &settings, &noise(64, 12));
    for _ in 0..20 {
        pollster::block_on(trainer.step(&device)).expect("it trains");
    }
    let ruinous = Settings {
        rate: 1e30,
        ..settings.clone()
    };
    trainer.change(ruinous).expect("rates may change");
    let error = pollster::block_on(trainer.epoch(&device, |_| true)).expect_err("it diverges");
    assert!(matches!(*error, Error::Diverged { .. }), "{error}");
    assert_eq!(trainer.state().remembered(), 0);

    trainer.change(settings).expect("rates may change");
    let before = weights(&trainer, &device);
    pollster::block_on(trainer.step(&device)).expect("it goes on");
    assert_eq!(trainer.state().remembered(), 1);
    let after = weights(&trainer, &device);
    let moved = before
        .iter()
        .zip(&after)
        .flat_map(|((_, a), (_, b))| a.iter().zip(b));
    let furthest = moved.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!((furthest / 1e-4 - 1.0).abs() < 0.01, "{furthest}");
}

/// A gradient can overflow where its loss does not; the steps behind it are read with it.
#[test]
fn the_step_that_is_told_is_the_first_without_an_update() {
    let device = device();
    let settings = Settings {
        batch: 8,
        ..Settings::figure_1("four-layer", Activation::Relu)
    };
    let mut trainer = trainer(&device, &settings, &noise(64, 12));
    for _ in 0..3 {
        pollster::block_on(trainer.step(&device)).expect("it trains");
    }
    let mut large = weights(&trainer, &device);
    let (_, last) = large
        .iter_mut()
        .rfind(|(name, _)| name.ends_with(".weight"))
        .expect("a weight");
    last.iter_mut().for_each(|weight| *weight *= 1e25);
    trainer.set_weights(&device, &large);
    let error = pollster::block_on(trainer.epoch(&device, |_| true)).expect_err("it overflows");
    let Error::Diverged { step, .. } = *error else {
        panic!("{error}");
    };
    assert_eq!((step, trainer.state().step), (3, 3));
    assert_eq!(trainer.state().seen, 3 * 8);
}

/// Wherever the work on a step was left, it ends as it began.
#[test]
fn settings_that_change_within_a_step_hold_from_the_next_one_on() {
    let device = device();
    let settings = Settings {
        batch: 4,
        largest_norm: 1e-3,
        ..Settings::figure_1("four-layer", Activation::Relu)
    };
    let dataset = noise(4, 12);
    let mut whole = trainer(&device, &settings, &dataset);
    pollster::block_on(whole.step(&device)).expect("it trains");
    let expected = weights(&whole, &device);
    let mut left_within = 0;
    for pieces in 0.. {
        let mut left = trainer(&device, &settings, &dataset);
        for _ in 0..pieces {
            pollster::block_on(left.advance(&device, Duration::ZERO)).expect("it trains");
        }
        if left.state().step > 0 {
            break;
        }
        left_within += 1;
        left.change(settings.clone())
            .expect("nothing fixed changes");
        if pieces > 0 {
            pollster::block_on(left.settle(&device)).expect("it ends");
            assert!(
                weights(&left, &device) == expected,
                "left after {pieces} pieces"
            );
        }
    }
    assert!(left_within > 10, "{left_within}");
}
