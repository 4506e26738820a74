//! Gemm and MatMul: fully connected layers.

use super::{Builder, Node, layer_name};
use crate::error::Result;
use crate::layers::Linear;
use crate::shape::Shape;
use crate::weights::onnx::operators::reshaping::transposed;
use crate::weights::tensor::{Tensor, Values};

/// Gemm: `alpha * x * weight + beta * bias`, the weight `[in, out]`, or
/// `[out, in]` when `transB`.
pub fn gemm(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&["alpha", "beta", "broadcast", "transA", "transB"])?;
    if node.int("transA", 0) != 0 {
        return Err(node.unsupported("transA = 1"));
    }
    let mut weight = builder.constant(node, 1)?;
    if node.int("transB", 0) == 0 {
        weight = transposed(node, weight)?;
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

/// MatMul of vectors and a constant `[in, out]`.
pub fn mat_mul(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&[])?;
    let weight = builder.constant(node, 1)?;
    let weight = transposed(node, weight)?;
    linear(builder, node, weight, None)
}

fn linear(
    builder: &mut Builder,
    node: &Node,
    weight: Tensor,
    bias: Option<Tensor>,
) -> Result<usize> {
    let layer = builder.activation(node, 0)?;
    let linear = Linear {
        out_features: out_features(node, &weight)?,
        bias: bias.is_some(),
    };
    let name = layer_name(node, &weight).to_owned();
    builder.add_with(&name, linear.into(), &[layer], Some(weight), bias)
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
    let shape = Shape::vector(out);
    let as_it_is = match bias.shape.0[..] {
        [features] => features == out,
        [1, features] => features == out,
        _ => false,
    };
    if as_it_is && beta == 1.0 {
        return Ok(Tensor {
            shape,
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
    Ok(Tensor::new("", shape, Values::Memory(values.into())))
}

/// A vector of one number.
fn filled(length: usize, value: f32) -> Tensor {
    Tensor::new("", Shape::vector(length), Values::Repeated(value))
}
