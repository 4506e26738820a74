//! What a person sees of an epoch, while it lasts and after it.

use alexnet_live::train::EpochResult;
use indicatif::{ProgressBar, ProgressStyle};

/// Counts the samples of an epoch, which is counted from 0.
pub fn bar(images: usize, activation: &str, epoch: usize) -> ProgressBar {
    let style = ProgressStyle::with_template(
        "{prefix} [{wide_bar}] {pos}/{len} {per_sec} {msg} {eta} left",
    )
    .expect("a valid template");
    ProgressBar::new(images as u64)
        .with_style(style)
        .with_prefix(format!("{activation} epoch {}", epoch + 1))
}

/// The losses and errors of an epoch.
pub fn describe(result: &EpochResult) -> String {
    let training = result.training;
    let mut text = format!(
        "training loss {:.4}, error {:.2} %",
        training.loss,
        100.0 * training.error
    );
    if let Some(validation) = result.validation {
        text += &format!(
            "; validation loss {:.4}, error {:.2} %",
            validation.loss,
            100.0 * validation.error
        );
    }
    text
}
