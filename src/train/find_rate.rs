//! The best learning rate, found by trying: a few short runs from the same
//! weights over the same batches.

use serde::Serialize;

use super::Trainer;
use crate::engine::Device;
use crate::error::{Error, Result};

/// What came of trying rates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RateSearch {
    /// The rate whose loss was lowest in the end; none when all diverged.
    pub rate: Option<f32>,
    /// All that were tried.
    pub trials: Vec<Trial>,
}

/// A short run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// Its learning rate.
    pub rate: f32,
    /// Loss of each step.
    pub losses: Vec<f64>,
    /// Whether the loss grew beyond all numbers.
    pub diverged: bool,
}

impl Trial {
    /// Mean loss of the last quarter of `steps`, since single batches scatter;
    /// infinite for a run that did not come so far.
    fn score(&self, steps: usize) -> f64 {
        let last = &self.losses[self.losses.len() - self.losses.len() / 4..];
        match self.diverged || self.losses.len() < steps || last.is_empty() {
            true => f64::INFINITY,
            false => last.iter().sum::<f64>() / last.len() as f64,
        }
    }
}

/// Tries each of `rates` for so many steps, at least 4. `told(trial)` hears of
/// every step; `false` stops.
///
/// # Errors
/// [`Error::Stopped`], and as [`Trainer::advance`]; but what diverges is a result.
pub async fn find_rate(
    trainer: &mut Trainer,
    device: &Device,
    rates: &[f32],
    steps: usize,
    mut told: impl FnMut(&Trial) -> bool,
) -> Result<RateSearch> {
    let steps = steps.max(4);
    let mut trials = Vec::new();
    for rate in rates {
        trainer.restart(device, *rate);
        let mut trial = Trial {
            rate: *rate,
            losses: Vec::new(),
            diverged: false,
        };
        while trial.losses.len() < steps && !trial.diverged {
            match trainer.step(device).await {
                Ok(news) => trial.losses.extend(news.steps.iter().map(|step| step.loss)),
                Err(error) if matches!(*error, Error::Diverged { .. }) => trial.diverged = true,
                Err(error) => return Err(error),
            }
            if !told(&trial) {
                return Err(Error::Stopped.into());
            }
        }
        trials.push(trial);
    }
    let finished = trials.iter().filter(|trial| trial.score(steps).is_finite());
    let best = finished.min_by(|a, b| a.score(steps).total_cmp(&b.score(steps)));
    Ok(RateSearch {
        rate: best.map(|trial| trial.rate),
        trials,
    })
}
