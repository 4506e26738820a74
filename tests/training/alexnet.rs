//! AlexNet in full, as the paper has it: what a step takes, that it runs, and
//! what is refused beforehand.

use std::sync::Arc;

use alexnet_live::data::{Dataset, Samples};
use alexnet_live::error::Error;
use alexnet_live::layers::Activation;
use alexnet_live::plan::{Optimizer, ParameterFactors, Plan, Preset};
use alexnet_live::train::{Initializer, Settings, Trainer, estimate};

use crate::support::{device, target};

fn settings() -> Settings {
    Settings {
        batch: 2,
        initializer: Initializer::Paper,
        dropout: 0.5,
        ..Settings::figure_1("alexnet", Activation::Relu)
    }
}

#[test]
fn alexnet_takes_a_step() {
    let device = device();
    let samples = Samples {
        pixels: (0..2 * 227 * 227 * 3)
            .map(|i: u32| (i % 251) as u8)
            .collect(),
        labels: vec![0, 1],
    };
    let dataset = Dataset {
        name: "two".to_owned(),
        classes: (0..1000).map(|class: u32| class.to_string()).collect(),
        shape: [227, 227, 3],
        margin: 0,
        training: samples,
        validation: Samples::default(),
        notes: Vec::new(),
    };
    let dataset = Arc::new(dataset);
    let needed = estimate(&device, &settings(), &dataset).expect("it can be planned");
    // Weights, gradients, velocities and the last good weights, of 61 million each.
    assert_eq!(needed.parameters, 60_965_224);
    assert!(needed.bytes > 4 * 4 * 60_965_224, "{needed:?}");

    let trainer = Trainer::new(&device, settings(), dataset, |_, _| true);
    let mut trainer = pollster::block_on(trainer).expect("it compiles");
    let mut weights = || {
        let first = trainer.weights(&device);
        let first = pollster::block_on(first)
            .expect("they are read")
            .swap_remove(0);
        let news = pollster::block_on(trainer.step(&device)).expect("it trains");
        (first, news.steps[0].loss)
    };
    let ((name, before), loss) = weights();
    assert_eq!(
        (name.as_str(), before.len()),
        ("conv1.weight", 96 * 3 * 11 * 11)
    );
    // Small first weights guess.
    assert!((loss - 1000_f64.ln()).abs() < 0.5, "{loss}");
    let ((_, after), loss) = weights();
    assert!(loss.is_finite());
    assert_ne!(before, after);
}

#[test]
fn a_batch_too_large_for_the_limits_is_refused_with_the_numbers() {
    let network = settings()
        .network([227, 227, 3], 1000)
        .expect("it fits together");
    let plan = |batch| {
        let factors = |_: &str| ParameterFactors::default();
        let target = target(Preset::GPU); // as WebGPU guarantees it
        Plan::training(&network, batch, target, Optimizer::Sgd, factors)
    };
    let refused = Error::TooLarge {
        what: "conv1".to_owned(),
        bytes: 128 * 55 * 55 * 96 * 4,
        most: 128 << 20,
    };
    assert_eq!(plan(128).err(), Some(refused.into()));
    assert!(plan(64).is_ok());
}
