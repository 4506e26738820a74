//! `classify`: top five of each picture.

use std::path::{Path, PathBuf};

use alexnet_live::gpu::{Device, DeviceOptions};
use alexnet_live::models::{self, MODELS};
use alexnet_live::predict::{Classification, Predictor};
use alexnet_live::preprocess::Picture;
use alexnet_live::weights::FileSource;
use anyhow::{Context, Result};
use image::{DynamicImage, ImageDecoder, ImageReader};

/// The weights that need no download.
const EMBEDDED: &[u8] = include_bytes!("../../models/squeezenet-1.1.safetensors");

#[derive(clap::Args)]
pub struct Options {
    /// Pictures: JPEG, PNG, WebP, GIF or BMP
    #[arg(required = true)]
    images: Vec<PathBuf>,
    /// Registered model; without it, the one that the weights fit
    #[arg(long)]
    model: Option<String>,
    /// File of weights; without it, the embedded SqueezeNet 1.1
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Print one JSON object per picture
    #[arg(long)]
    json: bool,
}

/// Classifies each picture in turn.
pub fn classify(options: &Options) -> Result<()> {
    let model = options.model.as_deref().map(models::find).transpose()?;
    let embedded = model.is_none_or(|model| model.name == MODELS[0].name);
    let mut silent = |_, _, _| true;
    pollster::block_on(async {
        let device = Device::open(DeviceOptions::default()).await?;
        let predictor = match &options.weights {
            Some(path) => {
                let file = FileSource::open(path)?;
                Predictor::load(&device, model, file, &mut silent).await
            }
            None if embedded => {
                Predictor::load(&device, model, EMBEDDED.to_vec(), &mut silent).await
            }
            None => {
                anyhow::bail!("this model's weights are not embedded: give a file with --weights")
            }
        }?;
        for path in &options.images {
            let picture = open(path).with_context(|| path.display().to_string())?;
            let answer = predictor.classify(&device, &picture).await?;
            print(path, &answer, options.json);
        }
        Ok(())
    })
}

/// Decodes a picture, the right way up.
fn open(path: &Path) -> Result<Picture> {
    let reader = ImageReader::open(path)?.with_guessed_format()?;
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    let rgba = image.into_rgba8();
    Ok(Picture::new(rgba.width(), rgba.height(), rgba.into_raw())?)
}

fn print(path: &Path, answer: &Classification, json: bool) {
    let path = path.display();
    if json {
        let object = serde_json::json!({
            "image": path.to_string(),
            "top": answer.top,
            "milliseconds": answer.milliseconds,
        });
        println!("{object}");
        return;
    }
    println!("{path}");
    for class in &answer.top {
        println!("  {:5.1} %  {}", 100.0 * class.probability, class.label);
    }
}
