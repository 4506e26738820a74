//! Values known beforehand, and the chains that compute shapes from shapes.

use super::{Builder, Node, Value};
use crate::error::Result;
use crate::shape::Shape;
use crate::weights::onnx::FORMAT;
use crate::weights::onnx::builder::onnx_order;
use crate::weights::onnx::value::{Integer, known};
use crate::weights::tensor::{Tensor, Values, checked_shape};

pub fn constant(builder: &mut Builder, node: &Node) -> Result<Value> {
    let name = node.outputs().first().map_or("", |name| name);
    let floats = |shape, values: Vec<f32>| {
        Ok(Value::Constant(Tensor::new(
            name,
            shape,
            Values::Memory(values.into()),
        )))
    };
    if let Some(tensor) = node.attribute("value").and_then(|value| value.t.as_ref()) {
        builder.stored(name, tensor)
    } else if let Some(value) = node.attribute("value_int") {
        Ok(Value::integers([value.i]))
    } else if let Some(values) = node.ints("value_ints") {
        Ok(Value::integers(values.iter().copied()))
    } else if let Some(value) = node.attribute("value_float") {
        floats(Shape(Vec::new()), vec![value.f])
    } else if let Some(values) = node.attribute("value_floats") {
        floats(Shape::vector(values.floats.len()), values.floats.clone())
    } else {
        node.allow(&[])?;
        Err(node.malformed("it has no value"))
    }
}

/// ConstantOfShape: one number everywhere.
pub fn constant_of_shape(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["value"])?;
    let sizes = known(node, &builder.integers(node, 0)?)?;
    let sizes: Option<Vec<u64>> = sizes.iter().map(|size| (*size).try_into().ok()).collect();
    let sizes = sizes.ok_or_else(|| node.malformed("a negative size"))?;
    let name = node.outputs().first().map_or("", |name| name);
    let shape = checked_shape(FORMAT, name, sizes)?;
    let value = match node.attribute("value").and_then(|value| value.t.as_ref()) {
        None => 0.0,
        Some(tensor) => match builder.stored(name, tensor)? {
            Value::Constant(tensor) if tensor.elements() == 1 => builder.read(&tensor)?[0],
            _ => return Err(node.unsupported("a value that is not one floating point number")),
        },
    };
    Ok(Value::Constant(Tensor::new(
        name,
        shape,
        Values::Repeated(value),
    )))
}

/// Shape: the batch and the sizes behind it.
pub fn shape(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&[])?;
    let layer = builder.activation(node, 0)?;
    let sizes = onnx_order(&builder.draft(layer).shape).into_iter();
    let sizes = sizes.map(|size| Integer::Known(size as i64));
    Ok(Value::Integers(
        [Integer::Batch].into_iter().chain(sizes).collect(),
    ))
}

/// Gather of integers.
pub fn gather(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axis"])?;
    let from = builder.integers(node, 0)?;
    let indices = known(node, &builder.integers(node, 1)?)?;
    let pick = |index: &i64| {
        let counted = if *index < 0 {
            index + from.len() as i64
        } else {
            *index
        };
        usize::try_from(counted)
            .ok()
            .and_then(|place| from.get(place).copied())
    };
    let picked: Option<Vec<Integer>> = indices.iter().map(pick).collect();
    match picked {
        Some(picked) if node.int("axis", 0) == 0 => Ok(Value::Integers(picked)),
        _ => Err(node.unsupported("an index or axis that is not there")),
    }
}

/// Cast of integers between their types.
pub fn cast(builder: &mut Builder, node: &Node) -> Result<Value> {
    match (node.int("to", 0), builder.value(node, 0)?) {
        (6 | 7, Value::Integers(integers)) => Ok(Value::Integers(integers)),
        (to, _) => Err(node.unsupported(format_args!("to = {to}"))),
    }
}
