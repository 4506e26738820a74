//! Operators of several inputs: Concat, Add, Sum and Mul.

use super::affine::{affine, per_channel};
use super::{Builder, Node, Value, channel_axis, normalised_axis};
use crate::error::Result;
use crate::layers::{Add, Concat};
use crate::weights::onnx::value::MAX_INTEGERS;
use crate::weights::tensor::Tensor;

/// Concat of layers along their channels, or of integers.
pub fn concat(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axis"])?;
    if let Value::Integers(_) = builder.value(node, 0)? {
        let mut integers = Vec::new();
        for index in 0..node.inputs().len() {
            integers.extend(builder.integers(node, index)?);
        }
        return match integers.len() <= MAX_INTEGERS {
            true => Ok(Value::Integers(integers)),
            false => Err(node.unsupported(format_args!("more than {MAX_INTEGERS} integers"))),
        };
    }
    let mut layers = Vec::new();
    for index in 0..node.inputs().len() {
        layers.push(builder.activation(node, index)?);
    }
    let shape = &builder.draft(layers[0]).shape;
    let axis = normalised_axis(node.int("axis", 1), shape);
    if axis != channel_axis(shape) {
        return Err(node.unsupported(format_args!("axis = {axis} for {shape}")));
    }
    let layer = builder.add(node.name(), Concat, &layers)?;
    Ok(Value::layer(layer))
}

/// Add of two layers, or of a layer and a constant for each channel.
pub fn add(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&["axis", "broadcast", "consumed_inputs"])?;
    if let Some((layer, constant)) = layer_and_constant(builder, node)? {
        let shift = per_channel(builder, node, layer, &constant)?;
        return affine(builder, node, layer, None, Some(shift));
    }
    let inputs = [builder.activation(node, 0)?, builder.activation(node, 1)?];
    builder.add(node.name(), Add, &inputs)
}

/// Mul of a layer and a constant for each channel.
pub fn mul(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&["axis", "broadcast", "consumed_inputs"])?;
    match layer_and_constant(builder, node)? {
        Some((layer, constant)) => {
            let scale = per_channel(builder, node, layer, &constant)?;
            affine(builder, node, layer, Some(scale), None)
        }
        None => Err(node.unsupported("a product of two computed inputs")),
    }
}

/// Sum of any number of layers.
pub fn sum(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&["consumed_inputs"])?;
    let mut total = builder.activation(node, 0)?;
    for index in 1..node.inputs().len() {
        let next = builder.activation(node, index)?;
        total = builder.add(node.name(), Add, &[total, next])?;
    }
    Ok(total)
}

fn layer_and_constant(builder: &mut Builder, node: &Node) -> Result<Option<(usize, Tensor)>> {
    for (layer, constant) in [(0, 1), (1, 0)] {
        if let Value::Constant(tensor) = builder.value(node, constant)? {
            return Ok(Some((builder.activation(node, layer)?, tensor)));
        }
    }
    Ok(None)
}
