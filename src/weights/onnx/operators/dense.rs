//! Gemm and MatMul: fully connected layers, for vectors or for each pixel.

use super::arithmetic::vector;
use super::convolution::with_ones;
use super::{Builder, Node, Value, layer_name};
use crate::error::Result;
use crate::layers::{Conv2d, Linear};
use crate::shape::Shape;
use crate::weights::onnx::arrange::{batched, standing};
use crate::weights::onnx::operators::folding::transposed;
use crate::weights::onnx::value::Activation;
use crate::weights::tensor::{Tensor, Values};

/// Gemm: `alpha * x * weight + beta * bias`, the weight `[in, out]`, or
/// `[out, in]` when `transB`.
pub fn gemm(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["alpha", "beta", "broadcast", "transA", "transB"])?;
    if node.int("transA", 0) != 0 {
        return Err(node.unsupported("transA = 1"));
    }
    let mut weight = builder.constant(node, 1)?;
    if node.int("transB", 0) == 0 {
        weight = transposed(node, weight, &[1, 0])?;
    }
    let out = out_features(node, &weight)?;
    let alpha = node.float("alpha", 1.0);
    if alpha != 1.0 {
        weight.scale = builder.read(&filled(out, alpha))?;
    }
    let bias = match node.optional(2) {
        Some(_) => {
            let bias = builder.constant(node, 2)?;
            Some(bias_vector(builder, node, &bias, out)?)
        }
        None => None,
    };
    linear(builder, node, weight, bias)
}

/// MatMul of a value and a constant `[in, out]`.
pub fn mat_mul(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&[])?;
    let weight = builder.constant(node, 1)?;
    multiplied(builder, node, weight, None)
}

/// The product of input 0 with a constant `[in, out]`.
pub fn multiplied(
    builder: &mut Builder,
    node: &Node,
    weight: Tensor,
    bias: Option<Tensor>,
) -> Result<Value> {
    let weight = transposed(node, weight, &[1, 0])?;
    let value = batched(builder.view(node, 0)?);
    if value.dimensions.len() == 2 {
        return linear(builder, node, weight, bias);
    }
    let out = out_features(node, &weight)?;
    let last = value.dimensions.len().saturating_sub(1);
    if !value.own().contains(&last) {
        return Err(node.unsupported(format_args!("an input of {:?}", value.sizes())));
    }
    let arranged = builder.channels_last(node.name(), &value, &[last])?;
    let mut convolution = Conv2d::new(out, 1);
    convolution.bias = bias.is_some();
    let name = layer_name(node, &weight).to_owned();
    let weight = with_ones(node, weight, 2)?;
    let inputs = [arranged.layer];
    let layer = builder.add_with(&name, convolution.into(), &inputs, Some(weight), bias)?;
    let mut sizes = arranged.sizes();
    sizes[last] = out;
    Ok(Value::Activation(standing(
        layer,
        &arranged,
        &arranged.own(),
        &sizes,
    )))
}

fn linear(
    builder: &mut Builder,
    node: &Node,
    weight: Tensor,
    bias: Option<Tensor>,
) -> Result<Value> {
    let layer = builder.vector(node, 0)?;
    let linear = Linear {
        out_features: out_features(node, &weight)?,
        bias: bias.is_some(),
    };
    let name = layer_name(node, &weight).to_owned();
    let layer = builder.add_with(&name, linear.into(), &[layer], Some(weight), bias)?;
    let value = Activation::of(layer, &builder.draft(layer).shape);
    Ok(Value::Activation(value))
}

/// The rows of a weight `[out, in]`.
fn out_features(node: &Node, weight: &Tensor) -> Result<usize> {
    match weight.shape.0[..] {
        [out, _] => Ok(out),
        _ => Err(node.unsupported(format_args!("a weight of {}", weight.shape))),
    }
}

/// `beta` times a bias of `[out]`, `[1, out]` or one number.
fn bias_vector(builder: &Builder, node: &Node, bias: &Tensor, out: usize) -> Result<Tensor> {
    let beta = node.float("beta", 1.0);
    let as_it_is = match bias.shape.0[..] {
        [features] => features == out,
        [1, features] => features == out,
        _ => false,
    };
    if as_it_is && beta == 1.0 {
        return Ok(Tensor {
            shape: Shape::vector(out),
            ..bias.clone()
        });
    }
    let mut values = builder.read(bias)?;
    if values.len() == 1 {
        values = builder.read(&filled(out, values[0]))?;
    } else if !as_it_is {
        return Err(node.unsupported(format_args!("a bias of {}", bias.shape)));
    }
    values.iter_mut().for_each(|value| *value *= beta);
    Ok(vector(values))
}

/// A vector of one number.
fn filled(length: usize, value: f32) -> Tensor {
    Tensor::new("", Shape::vector(length), Values::Repeated(value))
}
