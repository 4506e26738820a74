//! What is measured of a run, and where it stands.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Loss and errors of one step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StepResult {
    /// Number of the step, from 0.
    pub step: u32,
    /// Samples in the batch.
    pub samples: usize,
    /// Mean cross-entropy of the batch, before the update.
    pub loss: f64,
    /// Share of samples whose class was not the best answer, 0 to 1.
    pub error: f64,
}

/// Mean loss and share of wrong answers over many samples.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Evaluation {
    /// Mean cross-entropy.
    pub loss: f64,
    /// Share of wrong answers, 0 to 1.
    pub error: f64,
}

/// What was measured of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EpochResult {
    /// While it trained: of each batch before its update.
    pub training: Evaluation,
    /// After it; of nothing where there are no pictures to validate with.
    pub validation: Option<Evaluation>,
}

/// Where a run stands: with the weights, all that resuming needs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct State {
    /// Steps done.
    pub step: u32,
    /// Epochs done.
    pub epochs: Vec<EpochResult>,
    /// Samples seen in this epoch.
    pub seen: usize,
    /// Sum of the losses over them.
    pub loss: f64,
    /// Wrong answers among them.
    pub errors: usize,
    /// The step before which the optimiser's memory was last empty.
    #[serde(default)]
    pub memory_since: u32,
}

impl State {
    /// Steps that the optimiser remembers.
    pub fn remembered(&self) -> u32 {
        self.step - self.memory_since
    }
}

/// Answers held against the true classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    /// Samples counted.
    pub samples: usize,
    /// Samples of each class (row) that were answered with each class (column).
    pub counts: Vec<Vec<u32>>,
    loss: f64,
}

impl Tally {
    pub(super) fn new(classes: usize) -> Self {
        Self {
            samples: 0,
            counts: vec![vec![0; classes]; classes],
            loss: 0.0,
        }
    }

    /// Counts the logits of one sample after the other.
    pub(super) fn add(&mut self, logits: &[f32], labels: &[u32]) {
        for (logits, label) in logits.chunks_exact(self.counts.len()).zip(labels) {
            let label = *label as usize;
            let best = (0..logits.len()).max_by(|a, b| logits[*a].total_cmp(&logits[*b]));
            self.counts[label][best.expect("a class")] += 1;
            self.loss += cross_entropy(logits, label);
            self.samples += 1;
        }
    }

    pub(super) fn evaluation(&self) -> Option<Evaluation> {
        let right: u32 = (0..self.counts.len()).map(|i| self.counts[i][i]).sum();
        let samples = self.samples as f64;
        (self.samples > 0).then(|| Evaluation {
            loss: self.loss / samples,
            error: 1.0 - f64::from(right) / samples,
        })
    }
}

/// `log sum exp(x) - x[label]`; where logits are not finite, a number as large as one of
/// theirs can be, so that a file of results can hold it.
fn cross_entropy(logits: &[f32], label: usize) -> f64 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers = logits
        .iter()
        .map(|x| (f64::from(*x) - f64::from(largest)).exp());
    let sum: f64 = powers.sum();
    let loss = sum.ln() + f64::from(largest) - f64::from(logits[label]);
    if loss.is_finite() {
        loss
    } else {
        f32::MAX.into()
    }
}

/// Samples in a second, of late.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Throughput {
    images: f64,
    seconds: f64,
}

impl Throughput {
    /// Counts time that went into steps.
    pub fn worked(&mut self, time: Duration) {
        self.seconds += time.as_secs_f64();
    }

    /// Counts the samples of a step whose loss is known.
    pub fn trained(&mut self, samples: usize) {
        /// Seconds after which what was measured counts half.
        const MEMORY: f64 = 10.0;
        self.images += samples as f64;
        if self.seconds > MEMORY {
            self.images /= 2.0;
            self.seconds /= 2.0;
        }
    }

    pub fn images_per_second(&self) -> Option<f64> {
        (self.images > 0.0).then(|| self.images / self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::data::{Dataset, Samples};
    use crate::engine::{Device, DeviceOptions, Engine};
    use crate::layers::Activation;
    use crate::train::{Settings, Trainer};

    /// The page looks at the weights while it trains, which ends the step under way.
    #[test]
    fn work_on_a_step_counts_whoever_asks_for_it_and_a_look_does_not() {
        let samples = Samples {
            pixels: vec![7; 2 * 12 * 12 * 3],
            labels: vec![0, 1],
        };
        let dataset = Dataset {
            name: "two".to_owned(),
            classes: vec!["a".to_owned(), "b".to_owned()],
            shape: [12, 12, 3],
            margin: 0,
            training: samples.clone(),
            validation: samples,
            notes: Vec::new(),
        };
        let settings = Settings::figure_1("four-layer", Activation::Relu);
        pollster::block_on(async {
            let device = Device::open(DeviceOptions::on(Engine::Cpu)).await;
            let device = device.expect("a processor");
            let dataset = Arc::new(dataset);
            let trainer = Trainer::new(&device, settings, dataset.clone(), |_, _| true);
            let mut trainer = trainer.await.expect("it compiles");
            let begun = trainer.advance(&device, Duration::ZERO).await;
            assert_eq!(begun.expect("it begins").steps, []);
            let before = trainer.throughput.seconds;
            assert!(trainer.work(&device, None).await.expect("it works"));
            assert!(trainer.throughput.seconds > before);

            trainer.settle(&device).await.expect("it is read");
            let before = trainer.throughput.seconds;
            let logits = trainer.logits(&device, &dataset.validation, &[0]);
            logits.await.expect("it answers");
            assert_eq!(trainer.throughput.seconds, before);
        });
    }

    #[test]
    fn a_loss_is_as_large_as_the_logits_say() {
        assert_eq!(cross_entropy(&[0.0, 0.0], 0), 2.0_f64.ln());
        assert_eq!(cross_entropy(&[5e4, 0.0, -5e4], 1), 5e4);
        assert_eq!(cross_entropy(&[3e38, -3e38], 1), 2.0 * f64::from(3e38_f32));
        for logits in [
            [f32::NAN, 0.0],
            [0.0, f32::NEG_INFINITY],
            [f32::INFINITY, 0.0],
        ] {
            assert_eq!(cross_entropy(&logits, 1), f64::from(f32::MAX), "{logits:?}");
        }
    }
}
