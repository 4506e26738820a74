//! `classify`: the five best classes of each picture.

use std::path::{Path, PathBuf};

use alexnet_live::engine::{Device, DeviceOptions};
use alexnet_live::models;
use alexnet_live::predict::{AnswerKind, Classification, Predictor};
use anyhow::{Result, bail};

use super::{picture, say, weights};

#[derive(clap::Args)]
pub struct Options {
    /// Pictures: JPEG, PNG, WebP, GIF, BMP, TIFF, ICO, PNM or QOI
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// Registered model; without it, the one that the weights fit
    #[arg(long)]
    model: Option<String>,
    /// File of weights; without it, the embedded SqueezeNet 1.1
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Print one JSON object a picture
    #[arg(long)]
    json: bool,
}

/// Classifies each picture in turn; one that cannot be read does not stop the others.
pub fn classify(options: &Options) -> Result<()> {
    let model = options.model.as_deref().map(models::find).transpose()?;
    let (source, published) = weights::open(options.weights.as_deref(), model)?;
    let mut failures = 0;
    pollster::block_on(async {
        let device = Device::open(DeviceOptions::default()).await?;
        let mut bar = weights::progress_bar();
        let predictor = Predictor::load(&device, model, published, source, &mut bar).await?;
        for path in &options.images {
            let picture = match picture::open(path) {
                Ok(picture) => picture,
                Err(error) => {
                    eprintln!("error: {error:#}");
                    failures += 1;
                    continue;
                }
            };
            let answer = predictor.classify(&device, &picture).await?;
            match options.json {
                true => print_json(path, &predictor, &answer)?,
                false => print(path, &answer)?,
            }
        }
        anyhow::Ok(())
    })?;
    match (failures, options.images.len()) {
        (0, _) => Ok(()),
        (_, count) => bail!("{failures} of {count} pictures could not be read"),
    }
}

fn print(path: &Path, answer: &Classification) -> Result<()> {
    match answer.kind {
        AnswerKind::Independent => say(format_args!("{}: each class for itself", path.display()))?,
        _ => say(path.display())?,
    }
    for class in &answer.top {
        let percent = 100.0 * class.probability;
        say(format_args!("  {percent:5.1} %  {}", class.label))?;
    }
    Ok(())
}

fn print_json(path: &Path, predictor: &Predictor, answer: &Classification) -> Result<()> {
    let object = serde_json::json!({
        "image": path.to_string_lossy(),
        "model": predictor.info().name,
        "top": answer.top,
        "kind": answer.kind,
        "milliseconds": answer.milliseconds,
    });
    Ok(say(object)?)
}
