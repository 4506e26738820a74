//! Operators that keep the shape: activations, normalisation across channels,
//! dropout and softmax.

use super::{Builder, Node, channel_axis, normalised_axis};
use crate::error::Result;
use crate::layers::{Activation, Dropout, LocalResponseNorm, Softmax};
use crate::weights::onnx::value::Value;

pub fn activation(builder: &mut Builder, node: &Node, kind: Activation) -> Result<usize> {
    node.allow(&["consumed_inputs"])?;
    let layer = builder.activation(node, 0)?;
    builder.add(node.name(), kind, &[layer])
}

/// LRN, which divides alpha by the size as [`LocalResponseNorm`] does.
pub fn local_response_norm(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&["alpha", "beta", "bias", "size"])?;
    let layer = builder.activation(node, 0)?;
    let [size] = node.checked_extents("size", &[node.int("size", 0)])?;
    let normalisation = LocalResponseNorm {
        size,
        alpha: node.float("alpha", 1e-4),
        beta: node.float("beta", 0.75),
        k: node.float("bias", 1.0),
        within_map: false,
    };
    builder.add(node.name(), normalisation, &[layer])
}

/// Dropout. A network that is only asked does not drop anything, whatever
/// training_mode says.
pub fn dropout(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&["consumed_inputs", "is_test", "ratio", "seed"])?;
    let layer = builder.activation(node, 0)?;
    let mut probability = node.float("ratio", 0.5);
    if node.optional(1).is_some()
        && let Value::Constant(ratio) = builder.value(node, 1)?
    {
        probability = builder.read(&ratio)?.first().copied().unwrap_or(0.5);
    }
    builder.add(node.name(), Dropout { probability }, &[layer])
}

/// Softmax over the channels. Before opset 13 it ran over all dimensions from
/// the axis on, which is the same when the maps are of one pixel.
pub fn softmax(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&["axis"])?;
    let layer = builder.activation(node, 0)?;
    let shape = &builder.draft(layer).shape;
    let joint = node.opset < 13;
    let axis = normalised_axis(node.int("axis", if joint { 1 } else { -1 }), shape);
    let one_pixel = matches!(shape.as_map_or_vector(), Some((1, 1, _)));
    if axis != channel_axis(shape) || (joint && !one_pixel) {
        return Err(node.unsupported(format_args!("axis = {axis} for {shape}")));
    }
    builder.add(node.name(), Softmax, &[layer])
}
