//! `classify`: the five best classes of each picture.

use std::path::{Path, PathBuf};

use alexnet_live::models;
use alexnet_live::predict::{AnswerKind, Classification, Predictor, Presentation};
use anyhow::{Result, bail};

use super::{engine, labels, limits, picture, say, weights};

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
    /// Names of the outputs: a text with one a line, or Hugging Face's config.json
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// Mean of red, green and blue (or one for all), for values in 0..1
    #[arg(long, value_delimiter = ',', num_args = 1..=3, value_parser = limits::finite, allow_negative_numbers = true)]
    mean: Vec<f32>,
    /// Standard deviation of red, green and blue (or one for all), for values in 0..1
    #[arg(long, value_delimiter = ',', num_args = 1..=3, value_parser = limits::positive)]
    std: Vec<f32>,
    /// Pixels of a picture's shorter side before its centre is taken
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=4096))]
    size: Option<u32>,
    /// Print one JSON object a picture
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: engine::Options,
}

/// Classifies each picture in turn; one that cannot be read does not stop the others.
pub fn classify(options: &Options) -> Result<()> {
    let model = options.model.as_deref().map(models::find).transpose()?;
    let (source, published) = weights::open(options.weights.as_deref(), model)?;
    let presentation = Presentation {
        labels: options.labels.as_deref().map(labels::read).transpose()?,
        mean: colours("--mean", &options.mean)?,
        std: colours("--std", &options.std)?,
        size: options.size,
    };
    let mut failures = 0;
    pollster::block_on(async {
        let device = options.engine.open().await?;
        let mut bar = weights::progress_bar();
        let mut predictor = Predictor::load(&device, model, published, source, &mut bar).await?;
        predictor.present(presentation)?;
        weights::tell_skipped(predictor.file());
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

/// One number for each colour.
fn colours(option: &str, values: &[f32]) -> Result<Option<[f32; 3]>> {
    match *values {
        [] => Ok(None),
        [all] => Ok(Some([all; 3])),
        [red, green, blue] => Ok(Some([red, green, blue])),
        _ => bail!("{option}: give one number, or one each for red, green and blue"),
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
