//! `inspect`: the layers of a network, their shapes, parameters and work.

use std::path::Path;

use alexnet_live::models::{self, LayerInfo, MODELS, ModelInfo};
use alexnet_live::predict;
use anyhow::{Result, bail};

use super::table::{self, Column, count};
use super::{say, weights};

#[derive(clap::Args)]
pub struct Options {
    /// A file of weights, or the name of a registered model
    #[arg(value_name = "FILE or MODEL")]
    subject: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Prints the table of a model.
pub fn inspect(options: &Options) -> Result<()> {
    let info = describe(&options.subject)?;
    if options.json {
        return Ok(say(serde_json::to_string_pretty(&info)?)?);
    }
    say(&info.title)?;
    let rows: Vec<Vec<String>> = info.layers.iter().map(row).collect();
    Ok(table::print(&COLUMNS, &rows, &sum(&info))?)
}

fn describe(subject: &str) -> Result<ModelInfo> {
    if let Some(model) = MODELS.iter().find(|model| model.name == subject) {
        return Ok(model.info());
    }
    let path = Path::new(subject);
    if !path.exists() {
        let known: Vec<&str> = MODELS.iter().map(|model| model.name).collect();
        bail!(
            "{subject} is neither a file nor a model: the models are {}",
            known.join(", ")
        );
    }
    let (source, _) = weights::open(Some(path), None)?;
    let mut file = models::open(source)?;
    let (network, model) = predict::identify(&mut file, None)?;
    Ok(ModelInfo::new(&network, model))
}

const COLUMNS: [Column; 6] = [
    column("layer", false),
    column("kind", false),
    column("window", false),
    column("output", false),
    column("parameters", true),
    column("multiply-adds", true),
];

const fn column(heading: &'static str, numeric: bool) -> Column {
    Column { heading, numeric }
}

fn row(layer: &LayerInfo) -> Vec<String> {
    vec![
        layer.name.clone(),
        layer.kind.to_owned(),
        window(layer),
        layer.shape.to_string(),
        nonzero(layer.parameters as u64),
        nonzero(layer.multiply_adds),
    ]
}

fn sum(info: &ModelInfo) -> Vec<String> {
    let (parameters, multiply_adds) = (info.parameters as u64, info.multiply_adds);
    let mut sum = vec![String::new(); COLUMNS.len()];
    sum[0] = "total".to_owned();
    sum[4] = count(parameters);
    sum[5] = count(multiply_adds);
    sum
}

/// `11 x 11, stride 4, padding 2, groups 2`, leaving out what is usual.
fn window(layer: &LayerInfo) -> String {
    let Some([height, width]) = layer.kernel else {
        return String::new();
    };
    let mut parts = vec![format!("{height} x {width}")];
    let mut part = |name: &str, values: &[usize], usual: usize| {
        let alike = values.iter().all(|value| *value == values[0]);
        match alike {
            true if values[0] == usual => {}
            true => parts.push(format!("{name} {}", values[0])),
            false => parts.push(format!("{name} {values:?}")),
        }
    };
    part("stride", &layer.stride.unwrap_or([1; 2]), 1);
    part("padding", &layer.padding.unwrap_or([0; 4]), 0);
    part("groups", &[layer.groups.unwrap_or(1)], 1);
    parts.join(", ")
}

fn nonzero(number: u64) -> String {
    match number {
        0 => String::new(),
        number => count(number),
    }
}
