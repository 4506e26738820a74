//! Batch normalisation (Ioffe and Szegedy 2015) of a checkpoint, folded into the
//! convolution before it: `scale = weight / sqrt(running_var + epsilon)`,
//! `bias = bias_of_norm + (bias_of_conv - running_mean) * scale`.

use std::collections::HashSet;
use std::sync::Arc;

use super::Source;
use super::read::read_f32;
use super::tensor::{Tensor, Values};
use crate::error::Result;
use crate::shape::Shape;

/// As PyTorch has it where nothing else is said.
const EPSILON: f32 = 1e-5;

/// The most channels of a convolution.
const MAX_CHANNELS: usize = 1 << 16;

/// Folds every normalisation whose convolution can be told by its name. The catalogue
/// has neither its parameters afterwards nor convolutions without bias.
///
/// # Errors
/// What reading gives.
pub fn fold(source: &dyn Source, format: &'static str, tensors: &mut Vec<Tensor>) -> Result<()> {
    let norms: Vec<String> = (tensors.iter())
        .filter_map(|tensor| tensor.name.strip_suffix("running_mean").map(str::to_owned))
        .collect();
    let mut folded = HashSet::new();
    for norm in norms {
        let Some(convolution) = convolution(&norm) else {
            continue;
        };
        let find = |name: String| tensors.iter().position(|tensor| tensor.name == name);
        let Some(weight) = find(format!("{convolution}weight")) else {
            continue;
        };
        let channels = tensors[weight].shape.0.first().copied().unwrap_or(0);
        if !(1..=MAX_CHANNELS).contains(&channels) || !tensors[weight].scale.is_empty() {
            continue;
        }
        let read = |name: String| -> Result<Option<Vec<f32>>> {
            let tensor = tensors.iter().find(|tensor| tensor.name == name);
            let tensor = tensor.filter(|tensor| tensor.shape.0[..] == [channels]);
            tensor
                .map(|tensor| read_f32(source, format, tensor, 0..channels))
                .transpose()
        };
        let (Some(mean), Some(variance)) = (
            read(format!("{norm}running_mean"))?,
            read(format!("{norm}running_var"))?,
        ) else {
            continue;
        };
        let gamma = read(format!("{norm}weight"))?.unwrap_or_else(|| vec![1.0; channels]);
        let beta = read(format!("{norm}bias"))?.unwrap_or_else(|| vec![0.0; channels]);
        let own = read(format!("{convolution}bias"))?.unwrap_or_else(|| vec![0.0; channels]);
        let scale = gamma
            .iter()
            .zip(&variance)
            .map(|(gamma, variance)| gamma / (variance + EPSILON).sqrt());
        let scale: Vec<f32> = scale.collect();
        let bias = (0..channels).map(|c| beta[c] + (own[c] - mean[c]) * scale[c]);
        let bias = Values::Memory(Arc::from_iter(bias));
        let name = format!("{convolution}bias");
        let bias = Tensor::new(name.clone(), Shape(vec![channels]), bias);
        match tensors.iter_mut().find(|tensor| tensor.name == name) {
            Some(tensor) => *tensor = bias,
            None => tensors.push(bias),
        }
        tensors[weight].scale = scale;
        folded.insert(norm);
    }
    tensors.retain(|tensor| {
        let layer = tensor.name.rfind('.').map_or("", |at| &tensor.name[..=at]);
        !folded.contains(layer)
    });
    Ok(())
}

/// The convolution before a normalisation, by how PyTorch's networks name them, both with
/// their last dot: `bn1` behind `conv1`, number 1 of a sequence behind number 0.
fn convolution(norm: &str) -> Option<String> {
    let layer = norm.strip_suffix('.')?;
    let start = layer.rfind('.').map_or(0, |at| at + 1);
    let (path, name) = layer.split_at(start);
    let convolution = match (name.strip_prefix("bn"), name.parse::<usize>()) {
        (Some(number), _) => format!("conv{number}"),
        (None, Ok(number)) => number.checked_sub(1)?.to_string(),
        _ => return None,
    };
    Some(format!("{path}{convolution}."))
}
