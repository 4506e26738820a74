//! Training: from batches to better weights. No files here, no page.

mod advance;
mod checkpoint;
mod find_rate;
mod initializer;
mod insight;
mod pace;
mod results;
mod schedule;
mod settings;
mod slices;
mod tensors;
mod trained;
mod trainer;

pub use crate::random::{Random, Stream};
pub use advance::News;
pub use checkpoint::Checkpoint;
pub use find_rate::{RateSearch, Trial, find_rate};
pub use initializer::Initializer;
pub use insight::{Filters, Histogram, Insight, LayerInsight};
pub use pace::duration;
pub use results::{EpochResult, Evaluation, State, StepResult, Tally};
pub use schedule::Schedule;
pub use settings::Settings;
pub use trained::{Pictures, Trained};
pub use trainer::{Estimate, Trainer, estimate};
