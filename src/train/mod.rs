//! Training: from batches to better weights. No files here, no page.

mod checkpoint;
mod initializer;
mod random;
mod results;
mod schedule;
mod settings;
mod tensors;
mod trainer;

pub use checkpoint::read_checkpoint;
pub use initializer::Initializer;
pub use random::{Random, Stream};
pub use results::{EpochResult, Evaluation, State, StepResult};
pub use schedule::Schedule;
pub use settings::Settings;
pub use trainer::Trainer;
