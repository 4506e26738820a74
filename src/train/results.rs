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
            self.loss -= softmax(logits)[label].max(f64::MIN_POSITIVE).ln();
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

/// The probabilities that logits stand for.
pub fn softmax(logits: &[f32]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers = logits.iter().map(|x| f64::from(x - largest).exp());
    let powers: Vec<f64> = powers.collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
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
