//! The digits that come with the program: how well they are learnt, and the same
//! curve as on the page.

use std::io::Read;
use std::sync::Arc;

use alexnet_live::data::{Dataset, built_in_digits};
use alexnet_live::layers::Activation;
use alexnet_live::plan::Optimizer;
use alexnet_live::train::{Schedule, Settings};
use flate2::read::GzDecoder;
use serde::Deserialize;

use super::trainer;
use crate::support::{device, gpu};

/// The digits that come with the program.
fn digits() -> Dataset {
    let [images, labels] = [
        &include_bytes!("../../datasets/mnist-5k/images.idx3-ubyte.gz")[..],
        include_bytes!("../../datasets/mnist-5k/labels.idx1-ubyte.gz"),
    ]
    .map(|packed| {
        let mut bytes = Vec::new();
        let unpacked = GzDecoder::new(packed).read_to_end(&mut bytes);
        unpacked.map(|_| bytes).expect("a whole file")
    });
    built_in_digits(images, labels).expect("digits")
}

/// The digits within a few epochs. That the page trains the same is shown by the curve.
#[test]
fn digits_are_learnt_to_4_percent() {
    let device = device();
    let settings = Settings {
        batch: 16,
        optimizer: Optimizer::Adam,
        rate: 0.004,
        schedule: Schedule::Steps { epochs: vec![2] },
        ..Settings::figure_1("four-layer", Activation::Relu)
    };
    let mut trainer = trainer(&device, &settings, &Arc::new(digits()));
    let mut errors = Vec::new();
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
    let dataset = Arc::new(digits());
    for device in [device(), gpu()] {
        let mut trainer = trainer(&device, &settings, &dataset);
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
}
