//! Learning rates that are too high, and finding one that is not.

use alexnet_live::error::Error;
use alexnet_live::layers::Activation;
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
    let weights = |trainer: &Trainer| pollster::block_on(trainer.weights(&device)).expect("read");
    let mut trainer = trainer(&device, &settings, &dataset);
    let first = weights(&trainer);
    let error = pollster::block_on(trainer.epoch(&device, |_| true)).expect_err("it diverges");
    let Error::Diverged { step, .. } = *error else {
        panic!("{error}");
    };
    assert_eq!(trainer.state().step, step);
    // The first step's loss was that of guessing; the second one's weights were ruined.
    assert_eq!(weights(&trainer), first);

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
    assert_ne!(weights(&trainer), first);
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
