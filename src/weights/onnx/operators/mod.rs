//! What each operator becomes: a layer, a change to the layer before, or a value
//! known beforehand. One file a group.

mod affine;
mod constants;
mod convolution;
mod dense;
mod elementwise;
mod joining;
mod pooling;
mod reshaping;
mod windows;

use super::builder::Builder;
use super::node::Node;
use super::value::Value;
use crate::error::Result;
use crate::layers::Activation;
use crate::shape::Shape;
use crate::weights::tensor::Tensor;

/// Adds what a node computes to the network.
pub fn import(builder: &mut Builder, node: &Node) -> Result<()> {
    let operator = if node.is_standard() {
        node.operator()
    } else {
        ""
    };
    let value = match operator {
        "Conv" => Value::layer(convolution::conv(builder, node)?),
        "Pad" => convolution::pad(builder, node)?,
        "Gemm" => Value::layer(dense::gemm(builder, node)?),
        "MatMul" => Value::layer(dense::mat_mul(builder, node)?),
        "MaxPool" => Value::layer(pooling::max_pool(builder, node)?),
        "AveragePool" => Value::layer(pooling::average_pool(builder, node)?),
        "GlobalAveragePool" => Value::layer(pooling::global_average_pool(builder, node)?),
        "ReduceMean" => Value::layer(pooling::reduce_mean(builder, node)?),
        "Relu" => Value::layer(elementwise::activation(builder, node, Activation::Relu)?),
        "Sigmoid" => Value::layer(elementwise::activation(builder, node, Activation::Sigmoid)?),
        "Tanh" => Value::layer(elementwise::activation(builder, node, Activation::Tanh)?),
        "LRN" => Value::layer(elementwise::local_response_norm(builder, node)?),
        "Dropout" => Value::layer(elementwise::dropout(builder, node)?),
        "Softmax" => Value::layer(elementwise::softmax(builder, node)?),
        "Concat" => joining::concat(builder, node)?,
        "Add" => Value::layer(joining::add(builder, node)?),
        "Mul" => Value::layer(joining::mul(builder, node)?),
        "Sum" => Value::layer(joining::sum(builder, node)?),
        "BatchNormalization" => Value::layer(affine::batch_normalization(builder, node)?),
        "Flatten" => Value::layer(reshaping::flatten(builder, node)?),
        "Reshape" => Value::layer(reshaping::reshape(builder, node)?),
        "Squeeze" => reshaping::squeeze(builder, node)?,
        "Unsqueeze" => reshaping::unsqueeze(builder, node)?,
        "Transpose" => reshaping::transpose(builder, node)?,
        "Identity" => builder.value(node, 0)?,
        "Cast" => constants::cast(builder, node)?,
        "Constant" => constants::constant(builder, node)?,
        "ConstantOfShape" => constants::constant_of_shape(builder, node)?,
        "Shape" => constants::shape(builder, node)?,
        "Gather" => constants::gather(builder, node)?,
        _ => return Err(node.unsupported("the kind")),
    };
    builder.define(node, value)
}

/// ONNX's number of the axis that channels or features lie along.
fn channel_axis(shape: &Shape) -> i64 {
    match shape.as_map() {
        Some(_) => 1,
        None => shape.0.len() as i64,
    }
}

/// An axis counted from the front, of a value of this shape and its batch.
fn normalised_axis(axis: i64, shape: &Shape) -> i64 {
    match axis < 0 {
        true => axis.saturating_add(shape.0.len() as i64 + 1),
        false => axis,
    }
}

/// The name that a layer takes from its weight, which checkpoints name after the
/// layer; otherwise that of the node.
fn layer_name<'a>(node: &Node<'a>, weight: &'a Tensor) -> &'a str {
    let suffixes = [".weight", "_w_0"];
    let stem = suffixes
        .iter()
        .find_map(|suffix| weight.name.strip_suffix(suffix));
    stem.filter(|stem| !stem.is_empty()).unwrap_or(node.name())
}
