//! `scale * x + shift` with a number for each channel, which the layer before
//! takes into its weight and bias where it can: batch normalisation, and sums
//! and products with constants.

use super::{Builder, Node};
use crate::error::Result;
use crate::layers::{Conv2d, Layer};
use crate::shape::Shape;
use crate::weights::tensor::{Tensor, Values};

/// BatchNormalization (Ioffe and Szegedy 2015) with the statistics of training:
/// `(x - mean) / sqrt(variance + epsilon) * scale + bias`.
pub fn batch_normalization(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&[
        "consumed_inputs",
        "epsilon",
        "is_test",
        "momentum",
        "spatial",
        "training_mode",
    ])?;
    if node.int("training_mode", 0) != 0 || node.int("spatial", 1) == 0 {
        return Err(node.unsupported("training_mode = 1 or spatial = 0"));
    }
    let layer = builder.activation(node, 0)?;
    let mut numbers = Vec::new();
    for index in 1..5 {
        let tensor = builder.constant(node, index)?;
        numbers.push(per_channel(builder, node, layer, &tensor)?);
    }
    let epsilon = f64::from(node.float("epsilon", 1e-5));
    let wide = |index: usize, channel: usize| f64::from(numbers[index][channel]);
    let channels = 0..numbers[0].len();
    let factor = |channel| wide(0, channel) / (wide(3, channel) + epsilon).sqrt();
    let scale = channels.clone().map(|channel| factor(channel) as f32);
    let shift =
        channels.map(|channel| (wide(1, channel) - wide(2, channel) * factor(channel)) as f32);
    let (scale, shift) = (scale.collect(), shift.collect());
    affine(builder, node, layer, Some(scale), Some(shift))
}

/// The numbers of a constant, one for each channel of a layer's output.
pub fn per_channel(
    builder: &Builder,
    node: &Node,
    layer: usize,
    constant: &Tensor,
) -> Result<Vec<f32>> {
    let shape = &builder.draft(layer).shape;
    let channels = *shape.0.last().expect("maps or vectors");
    let outer = constant
        .shape
        .0
        .iter()
        .take_while(|size| **size == 1)
        .count();
    // Only batch normalisation and old broadcasts count channels without naming
    // the height and width behind them.
    let named = matches!(node.operator(), "BatchNormalization") || node.int("broadcast", 0) != 0;
    let fits = match constant.shape.0[outer..] {
        [size] => size == channels && (named || shape.as_map().is_none()),
        [size, 1, 1] => size == channels && shape.as_map().is_some(),
        _ => false,
    };
    if constant.elements() == 1 {
        let one = builder.read(constant)?[0];
        let all = Tensor::new("", Shape::vector(channels), Values::Repeated(one));
        return builder.read(&all);
    }
    match fits {
        true => builder.read(constant),
        false => {
            Err(node.unsupported(format_args!("a constant of {} for {shape}", constant.shape)))
        }
    }
}

/// A layer with the output `scale * x + shift`.
pub fn affine(
    builder: &mut Builder,
    node: &Node,
    layer: usize,
    scale: Option<Vec<f32>>,
    shift: Option<Vec<f32>>,
) -> Result<usize> {
    let draft = builder.draft(layer);
    let channels = *draft.shape.0.last().expect("maps or vectors");
    let folds = matches!(draft.layer, Layer::Conv2d(_) | Layer::Linear(_)) && !draft.shared;
    if !folds {
        if draft.shape.as_map().is_none() {
            return Err(node.unsupported("a vector that no fully connected layer computes"));
        }
        let mut convolution = Conv2d::new(channels, 1).groups(channels);
        convolution.bias = shift.is_some();
        let values = scale.map_or(Values::Repeated(1.0), |scale| Values::Memory(scale.into()));
        let weight = Tensor::new("", Shape(vec![channels, 1, 1, 1]), values);
        let bias = shift.map(vector);
        return builder.add_with(
            node.name(),
            convolution.into(),
            &[layer],
            Some(weight),
            bias,
        );
    }
    let mut bias = match &draft.bias {
        Some(bias) => builder.read(bias)?,
        None => vec![0.0; shift.as_ref().map_or(0, Vec::len)],
    };
    if let Some(scale) = &scale {
        bias.iter_mut()
            .zip(scale)
            .for_each(|(bias, scale)| *bias *= scale);
    }
    if let Some(shift) = &shift {
        bias.iter_mut()
            .zip(shift)
            .for_each(|(bias, shift)| *bias += shift);
    }
    let draft = builder.draft_mut(layer);
    if let Some(scale) = scale {
        let weight = draft.weight.as_mut().expect("the layer has one");
        match weight.scale.is_empty() {
            true => weight.scale = scale,
            false => weight
                .scale
                .iter_mut()
                .zip(scale)
                .for_each(|(old, new)| *old *= new),
        }
    }
    if !bias.is_empty() {
        draft.bias = Some(vector(bias));
        match &mut draft.layer {
            Layer::Conv2d(convolution) => convolution.bias = true,
            Layer::Linear(linear) => linear.bias = true,
            _ => unreachable!("only these fold"),
        }
    }
    Ok(layer)
}

fn vector(values: Vec<f32>) -> Tensor {
    Tensor::new(
        "",
        Shape::vector(values.len()),
        Values::Memory(values.into()),
    )
}
