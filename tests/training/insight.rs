//! What is seen of a run: its layers and filters, its answers.

use alexnet_live::layers::Activation;
use alexnet_live::train::Settings;

use super::{noise, trainer};
use crate::support::device;

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
