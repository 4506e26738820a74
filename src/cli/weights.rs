//! Files of weights, and the progress of loading them.

use std::path::Path;

use alexnet_live::inference::Stage;
use alexnet_live::models::{self, MODELS, Model, WeightSource};
use alexnet_live::weights::{Source, WeightsFile};
use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use super::checkpoint_files;

/// The weights that need no download: those of the first registered model.
const EMBEDDED: &[u8] = include_bytes!("../../models/squeezenet-1.1.safetensors");

/// The file at `path`, or the embedded weights, and which published file it is
/// meant to be: one that has its name and length.
pub fn open(
    path: Option<&Path>,
    model: Option<&Model>,
) -> Result<(Box<dyn Source>, Option<&'static WeightSource>)> {
    let Some(path) = path else {
        return embedded(model);
    };
    let file = checkpoint_files::open(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let published = models::find_weights(&name).ok();
    let published = published.filter(|published| published.bytes == file.len());
    Ok((file, published))
}

fn embedded(model: Option<&Model>) -> Result<(Box<dyn Source>, Option<&'static WeightSource>)> {
    let first = MODELS[0];
    match model {
        Some(model) if model.name != first.name => {
            let addresses: Vec<&str> = model.weights.iter().filter_map(|w| w.url).collect();
            bail!(
                "the weights of {} are not embedded: download {} and give the file with --weights",
                model.name,
                addresses.join(" or ")
            )
        }
        _ => Ok((Box::new(EMBEDDED), first.weights.first())),
    }
}

/// Says what stands in a file beside the weights.
pub fn tell_skipped(file: &WeightsFile) {
    if !file.skipped().is_empty() {
        eprintln!("not needed and left out: {}", file.skipped().join(", "));
    }
}

/// Draws what loading is at, where somebody sits at the terminal.
pub fn progress_bar() -> impl FnMut(Stage, u64, u64) -> bool {
    let style = ProgressStyle::with_template("{msg:>8} {wide_bar} {percent:>3} %");
    let bar = ProgressBar::no_length().with_style(style.expect("a template"));
    move |stage, done, total| {
        bar.set_message(stage.name());
        bar.set_length(total);
        bar.set_position(done);
        if stage == Stage::Upload && done == total {
            bar.finish_and_clear();
        }
        true
    }
}
