//! Whole runs: it learns by heart, goes on where it stopped, and stops when it
//! diverges.

use std::sync::Arc;
use std::time::{Duration, Instant};

use alexnet_live::data::{Augmentation, Dataset, Samples};
use alexnet_live::error::Error;
use alexnet_live::gpu::Device;
use alexnet_live::layers::Activation;
use alexnet_live::plan::Optimizer;
use alexnet_live::train::{
    Checkpoint, EpochResult, Random, Settings, State, Stream, Trainer, find_rate,
};
use serde::Deserialize;

use super::digits;
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
    changed.change(&device, augmented).expect("it may change");
    assert_ne!(step(&mut plain), step(&mut changed));
}

/// The digits within a few epochs; tests/page/training-engine.spec.js trains the
/// same in Chromium.
#[test]
fn digits_are_learnt_to_4_percent() {
    let device = device();
    let settings = Settings {
        batch: 16,
        optimizer: Optimizer::Adam,
        rate: 0.002,
        ..Settings::figure_1("four-layer", Activation::Relu)
    };
    let mut trainer = trainer(&device, &settings, &Arc::new(digits()));
    let mut errors = Vec::new();
    // With SwiftShader 6.6, 5.1, 4.3 and 3.7 %.
    for _ in 0..6 {
        let result = pollster::block_on(trainer.epoch(&device, |_| true)).expect("it trains");
        errors.push(result.validation.expect("it validates").error);
        if errors.last() <= Some(&0.04) {
            return;
        }
    }
    panic!("{errors:?}");
}

/// A run of the digits and the losses of its first steps; the page's are held
/// against the same ones (tests/page/training-engine.spec.js). With
/// `WRITE_CURVE` set, they are written anew.
#[test]
fn the_curve_is_the_one_on_the_page() {
    #[derive(Deserialize)]
    struct Curve {
        settings: Settings,
        losses: Vec<f64>,
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/curve.json");
    let text = std::fs::read_to_string(path).expect("a file");
    let Curve { settings, losses } = serde_json::from_str(&text).expect("a curve");
    let device = device();
    let mut trainer = trainer(&device, &settings, &Arc::new(digits()));
    let mut found = Vec::new();
    for _ in 0..6 {
        let news = pollster::block_on(trainer.step(&device)).expect("it trains");
        found.push(news.steps[0].loss);
    }
    if std::env::var_os("WRITE_CURVE").is_some() {
        let curve = serde_json::json!({ "settings": settings, "losses": found });
        std::fs::write(path, format!("{curve}\n")).expect("it is written");
        return;
    }
    assert_eq!(found.len(), losses.len());
    for (step, (found, expected)) in found.iter().zip(&losses).enumerate() {
        let apart = (found / expected - 1.0).abs();
        assert!(apart < 1e-3, "step {step}: {found}, not {expected}");
    }
}

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
        trainer.change(&device, other),
        Err(Error::NeedsRestart {
            setting: "activation"
        }
        .into())
    );
    let slower = Settings {
        rate: 0.001,
        ..settings
    };
    trainer.change(&device, slower).expect("rates may change");
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

#[test]
fn insight_shows_what_is_dead_and_what_saturates() {
    let device = device();
    let dataset = noise(8, 12);
    for activation in [Activation::Relu, Activation::Sigmoid] {
        let settings = Settings {
            batch: 8,
            rate: 0.0,
            decay: 0.0,
            ..Settings::figure_1("cifar-80sec", activation)
        };
        let mut trainer = trainer(&device, &settings, &dataset);
        // Biases far below 0: every ReLU is dead, every sigmoid saturates.
        let weights = pollster::block_on(trainer.weights(&device)).expect("read");
        let ruined: Vec<(String, Vec<f32>)> = weights
            .into_iter()
            .map(|(name, values)| match name.ends_with(".bias") {
                true => (name, vec![-1e3; values.len()]),
                false => (name, values),
            })
            .collect();
        let before = pollster::block_on(trainer.insight(&device)).expect("it is read");
        trainer.set_weights(&device, &ruined);
        pollster::block_on(trainer.step(&device)).expect("it trains");
        let insight = pollster::block_on(trainer.insight(&device)).expect("it is read");
        let names: Vec<&str> = insight.layers.iter().map(|l| l.name.as_str()).collect();
        assert_eq!(names, ["conv1", "conv2", "conv3", "fc64", "fc10"]);
        for (layer, before) in insight.layers.iter().zip(&before.layers).take(4) {
            match activation {
                Activation::Relu => assert_eq!(layer.dead, Some(1.0), "{}", layer.name),
                _ => assert_eq!(layer.saturated, Some(1.0), "{}", layer.name),
            }
            assert_eq!(layer.weight_norm, before.weight_norm);
            let (_, values) = (ruined.iter())
                .find(|(name, _)| *name == format!("{}.weight", layer.name))
                .expect("its weight");
            let norm: f64 = values.iter().map(|v| f64::from(*v).powi(2)).sum();
            assert!((layer.weight_norm / norm.sqrt() - 1.0).abs() < 1e-6);
            let counted: u32 = layer.histogram.counts.iter().sum();
            assert_eq!(counted as usize, values.len());
        }
        let filters = insight.filters.expect("filters in colour");
        assert_eq!((filters.width, filters.height, filters.count), (5, 5, 32));
        assert_eq!(filters.rgba.len(), 5 * 5 * 32 * 4);
    }
}

#[test]
fn answers_are_counted_as_the_validation_says() {
    let device = device();
    let dataset = noise(23, 12);
    let settings = Settings {
        batch: 5,
        ..Settings::figure_1("cifar-80sec", Activation::Tanh)
    };
    let mut trainer = trainer(&device, &settings, &dataset);
    assert_eq!(trainer.confusion(), None);
    let epoch = pollster::block_on(trainer.epoch(&device, |_| true)).expect("it trains");
    let validation = epoch.validation.expect("it validates");
    let all: Vec<u32> = (0..23).collect();
    let logits = trainer.logits(&device, &dataset.validation, &all);
    let logits = pollster::block_on(logits).expect("it answers");
    let (mut loss, mut errors) = (0.0, 0);
    let mut counts = vec![vec![0; 4]; 4];
    for (logits, label) in logits.chunks(4).zip(&dataset.validation.labels) {
        let label = *label as usize;
        let answer = (0..4)
            .max_by(|a, b| logits[*a].total_cmp(&logits[*b]))
            .unwrap();
        let sum: f64 = logits.iter().map(|x| f64::from(*x).exp()).sum();
        loss -= f64::from(logits[label]) - sum.ln();
        errors += usize::from(answer != label);
        counts[label][answer] += 1;
    }
    assert!((validation.loss - loss / 23.0).abs() < 1e-9);
    assert!((validation.error - errors as f64 / 23.0).abs() < 1e-9);
    assert_eq!(trainer.confusion(), Some(&counts[..]));
}

/// The page looks at the weights while it trains, which ends the step under way.
#[test]
fn a_look_at_the_network_does_not_make_it_seem_fast() {
    let device = device();
    let dataset = noise(64, 12);
    let settings = Settings {
        batch: 8,
        ..Settings::figure_1("cifar-80sec", Activation::Relu)
    };
    let mut trainer = trainer(&device, &settings, &dataset);
    let start = Instant::now();
    let mut samples = 0;
    while samples < 8 * 12 {
        let advanced = trainer.advance(&device, Duration::from_millis(1));
        let told = pollster::block_on(advanced).expect("it trains").steps;
        let looked = trainer.logits(&device, &dataset.validation, &[0]);
        pollster::block_on(looked).expect("it answers");
        let told = told.into_iter().chain(trainer.news().steps);
        samples += told.map(|step| step.samples).sum::<usize>();
    }
    let speed = trainer.images_per_second().expect("it trained");
    // Some of this time went into the looks themselves.
    let slowest = samples as f64 / start.elapsed().as_secs_f64();
    assert!(
        (1.0..3.0).contains(&(speed / slowest)),
        "{speed}, not {slowest}"
    );
}
