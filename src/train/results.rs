//! What is measured of a run, and where it stands.

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
    /// Samples whose class was not the best answer.
    pub errors: usize,
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
