//! Operators that only change the shape: to one vector, to none at all, or of
//! constants.

use super::{Builder, Node, Value, normalised_axis};
use crate::error::Result;
use crate::layers::Flatten;
use crate::shape::Shape;
use crate::weights::onnx::builder::onnx_order;
use crate::weights::onnx::value::{Integer, known};
use crate::weights::strided::{contiguous, is_contiguous};
use crate::weights::tensor::{Tensor, Values};

/// Flatten behind the batch.
pub fn flatten(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&["axis"])?;
    let layer = builder.activation(node, 0)?;
    let axis = normalised_axis(node.int("axis", 1), &builder.draft(layer).shape);
    match axis {
        1 => to_vector(builder, node, layer),
        _ => Err(node.unsupported(format_args!("axis = {axis}"))),
    }
}

/// Reshape to a vector, or to the shape that is there.
pub fn reshape(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&["allowzero", "consumed_inputs", "shape"])?;
    let layer = builder.activation(node, 0)?;
    let target = match node.ints("shape") {
        Some(shape) => shape.iter().map(|size| Integer::Known(*size)).collect(),
        None => builder.integers(node, 1)?,
    };
    let present = onnx_order(&builder.draft(layer).shape);
    let unsupported = || node.unsupported(format_args!("the shape {target:?} for {present:?}"));
    let [batch, rest @ ..] = &target[..] else {
        return Err(unsupported());
    };
    let total: usize = present.iter().product();
    let keeps_zeros = node.int("allowzero", 0) != 0;
    let sizes: Option<Vec<i64>> = rest
        .iter()
        .enumerate()
        .map(|(axis, size)| match size.known()? {
            0 if !keeps_zeros => present.get(axis).map(|size| *size as i64),
            size => Some(size),
        })
        .collect();
    let mut sizes = sizes.ok_or_else(unsupported)?;
    let given = |sizes: &[i64]| {
        let sizes = sizes.iter().filter(|size| **size != -1);
        sizes.fold(1i64, |product, size| product.saturating_mul(*size))
    };
    let is_batch = match batch {
        Integer::Batch | Integer::Known(0) => true,
        // What is left for the batch, provided that all else is given.
        Integer::Known(-1) => !sizes.contains(&-1),
        Integer::Known(size) => builder.batch == Some(*size),
    };
    let known = given(&sizes);
    if let Some(open) = sizes.iter().position(|size| *size == -1)
        && known > 0
    {
        sizes[open] = total as i64 / known;
    }
    if !is_batch || given(&sizes) != total as i64 {
        return Err(unsupported());
    }
    if sizes
        .iter()
        .map(|size| *size as usize)
        .eq(present.iter().copied())
    {
        Ok(layer)
    } else if sizes.len() == 1 {
        to_vector(builder, node, layer)
    } else {
        Err(unsupported())
    }
}

/// Squeeze of maps of one pixel to vectors; integers stay as they are.
pub fn squeeze(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axes"])?;
    if let Value::Integers(integers) = builder.value(node, 0)? {
        return Ok(Value::Integers(integers));
    }
    let layer = builder.activation(node, 0)?;
    let mut axes = axes(builder, node)?;
    axes.iter_mut()
        .for_each(|axis| *axis = normalised_axis(*axis, &builder.draft(layer).shape));
    match (builder.draft(layer).shape.as_map(), &axes[..]) {
        (Some((1, 1, _)), [2, 3] | [3, 2]) => Ok(Value::layer(to_vector(builder, node, layer)?)),
        _ => Err(node.unsupported(format_args!("axes = {axes:?}"))),
    }
}

/// Unsqueeze of constants; integers stay as they are.
pub fn unsqueeze(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axes"])?;
    let tensor = match builder.value(node, 0)? {
        Value::Integers(integers) => return Ok(Value::Integers(integers)),
        _ => builder.constant(node, 0)?,
    };
    let axes = axes(builder, node)?;
    let rank = tensor.shape.0.len() + axes.len();
    let mut sizes = tensor.shape.0.iter();
    let is_new = |axis: usize| {
        let axis = axis as i64;
        axes.contains(&axis) || axes.contains(&(axis - rank as i64))
    };
    let shape: Option<Vec<usize>> = (0..rank)
        .map(|axis| {
            if is_new(axis) {
                Some(1)
            } else {
                sizes.next().copied()
            }
        })
        .collect();
    let in_order = !matches!(
        &tensor.values,
        Values::Stored {
            strides: Some(_),
            ..
        }
    );
    match shape {
        Some(shape) if sizes.next().is_none() && in_order && tensor.scale.is_empty() => {
            Ok(Value::Constant(Tensor {
                shape: Shape(shape),
                ..tensor
            }))
        }
        _ => Err(node.unsupported(format_args!("axes = {axes:?}"))),
    }
}

/// Transpose of a constant matrix.
pub fn transpose(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["perm"])?;
    let tensor = builder.constant(node, 0)?;
    match node.ints("perm") {
        None | Some([1, 0]) => Ok(Value::Constant(transposed(node, tensor)?)),
        Some(other) => Err(node.unsupported(format_args!("perm = {other:?}"))),
    }
}

/// A matrix with rows and columns exchanged: seen so, not copied.
pub fn transposed(node: &Node, tensor: Tensor) -> Result<Tensor> {
    let [rows, columns] = tensor.shape.0[..] else {
        return Err(node.unsupported(format_args!("a matrix of {}", tensor.shape)));
    };
    if !tensor.scale.is_empty() {
        return Err(node.unsupported("a matrix that is scaled already"));
    }
    let shape = vec![columns, rows];
    let values = match tensor.values {
        Values::Stored {
            element,
            offset,
            strides,
        } => {
            let mut strides = strides.unwrap_or_else(|| contiguous(&[rows, columns]));
            strides.reverse();
            Values::Stored {
                element,
                offset,
                strides: (!is_contiguous(&shape, &strides)).then_some(strides),
            }
        }
        Values::Repeated(value) => Values::Repeated(value),
        _ => return Err(node.unsupported("a matrix that the file does not hold")),
    };
    Ok(Tensor {
        shape: Shape(shape),
        values,
        ..tensor
    })
}

/// The axes of a node: an attribute, since opset 13 an input.
fn axes(builder: &mut Builder, node: &Node) -> Result<Vec<i64>> {
    match node.ints("axes") {
        Some(axes) => Ok(axes.to_vec()),
        None => known(node, &builder.integers(node, 1)?),
    }
}

fn to_vector(builder: &mut Builder, node: &Node, layer: usize) -> Result<usize> {
    match builder.draft(layer).shape.as_map() {
        Some(_) => builder.add(node.name(), Flatten, &[layer]),
        None => Ok(layer),
    }
}
