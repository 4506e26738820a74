//! Training: every gradient, the optimisers, whole runs.

mod alexnet;
mod checkpoints;
mod crops;
mod digits;
mod dropout;
mod engines;
mod gradients;

pub(crate) use gradients::rearranged;
mod harness;
mod helpers;
mod initializers;
mod insight;
mod learning_rates;
mod loss;
mod optimizers;
mod parts;
mod runs;
mod trajectory;

use std::sync::Arc;

use alexnet_live::data::{Dataset, Samples};
use alexnet_live::engine::Device;
use alexnet_live::train::{Random, Settings, Stream, Trainer};

/// Noise, so that only learning by heart helps.
pub fn noise(count: usize, size: usize) -> Arc<Dataset> {
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
        margin: 0,
        training: samples.clone(),
        validation: samples,
        notes: Vec::new(),
    };
    Arc::new(dataset.checked().expect("labels are classes"))
}

/// A run that has not begun.
pub fn trainer(device: &Device, settings: &Settings, dataset: &Arc<Dataset>) -> Trainer {
    let trainer = Trainer::new(device, settings.clone(), dataset.clone(), |_, _| true);
    pollster::block_on(trainer).expect("it compiles")
}
