//! Networks quantised to 8 bits: weights become the numbers that they stand for
//! when the file is opened, and values between layers are not rounded. What a
//! quantised value cannot hold is cut off, since a ReLU may be left out for that.

use super::arithmetic::{Affine, Reduction, affine, product, reduce, sum};
use super::convolution::convolved;
use super::dense::multiplied;
use super::elementwise::clipped;
use super::folding::transposed;
use super::{Builder, Node, Value, axis_of};
use crate::error::Result;
use crate::shape::Shape;
use crate::weights::onnx::array::Array;
use crate::weights::onnx::value::Activation;
use crate::weights::tensor::{Tensor, Values};

/// DequantizeLinear of a constant: `(x - zero) * scale`.
pub fn constant(builder: &mut Builder, node: &Node) -> Result<Value> {
    let axis = node.int("axis", 1);
    dequantised(builder, node, [0, 1, 2], axis).map(Value::Constant)
}

/// DequantizeLinear of a computed value: bytes that the network takes as
/// `(x - zero) * scale`; what was computed stands for itself.
pub fn dequantise(builder: &mut Builder, node: &Node) -> Result<Value> {
    let value = builder.view(node, 0)?;
    if !builder.is_bytes(node.input(0)?) {
        return Ok(Value::Activation(value));
    }
    let (scale, zero) = scale_and_zero(builder, node, 1, 2)?;
    let real = Affine::scalar(scale, -zero * scale);
    affine(builder, node.name(), &value, real).map(Value::Activation)
}

/// QuantizeLinear: cut off at the least and largest that it can hold.
pub fn quantise(builder: &mut Builder, node: &Node) -> Result<Value> {
    let value = builder.view(node, 0)?;
    held(builder, node, &value, 1, 2)
}

/// The value cut off at what numbers of this scale and zero can hold.
fn held(
    builder: &mut Builder,
    node: &Node,
    value: &Activation,
    scale: usize,
    zero: usize,
) -> Result<Value> {
    let signed = builder.is_signed(node.optional(zero).unwrap_or_default());
    let (scale, zero) = scale_and_zero(builder, node, scale, zero)?;
    let (least, most) = if signed {
        (-128.0, 127.0)
    } else {
        (0.0, 255.0)
    };
    let (low, high) = ((least - zero) * scale, (most - zero) * scale);
    clipped(builder, node, value, low, high)
}

/// The step of a computed value and the number that stands for 0.
fn scale_and_zero(
    builder: &mut Builder,
    node: &Node,
    scale: usize,
    zero: usize,
) -> Result<(f32, f32)> {
    let scale = builder.constant(node, scale)?;
    let [scale] = builder.read(&scale)?[..] else {
        return Err(node.unsupported("a scale for each channel of a computed value"));
    };
    let zero = match node.optional(zero) {
        Some(_) => {
            let zero = builder.constant(node, zero)?;
            builder.read(&zero)?.first().copied().unwrap_or(0.0)
        }
        None => 0.0,
    };
    Ok((scale, zero))
}

/// The numbers that a constant stands for; `at` are its input and those of its
/// scale and zero, which count along an axis where there are several.
fn dequantised(builder: &mut Builder, node: &Node, at: [usize; 3], axis: i64) -> Result<Tensor> {
    let [input, scale, zero] = at;
    let tensor = builder.constant(node, input)?;
    let scale = builder.constant(node, scale)?;
    let scale = builder.array(&scale)?;
    let zero = match node.optional(zero) {
        Some(_) => {
            let zero = builder.constant(node, zero)?;
            builder.array(&zero)?
        }
        None => Array::scalar(0.0),
    };
    let array = builder.array(&tensor)?;
    let rank = array.shape.len();
    let count = scale.values.len();
    let place = |index: usize| -> Result<usize> {
        match count {
            1 => Ok(0),
            _ => {
                let axis = axis_of(node, axis, rank)?;
                let inner: usize = array.shape[axis + 1..].iter().product();
                Ok(index / inner.max(1) % array.shape[axis])
            }
        }
    };
    if count != 1 {
        let axis = axis_of(node, axis, rank)?;
        if array.shape[axis] != count {
            return Err(node.unsupported("scales of blocks"));
        }
    }
    let mut values = Vec::new();
    for (index, value) in array.values.iter().enumerate() {
        let place = place(index)?;
        let zero = zero
            .values
            .get(place)
            .or(zero.values.first())
            .copied()
            .unwrap_or(0.0);
        values.push((value - zero) * scale.values[place]);
    }
    // The name of the weight without what says that it is quantised.
    let name = tensor.name.trim_end_matches("_quantized").to_owned();
    Ok(Tensor::new(
        name,
        Shape(array.shape),
        Values::Memory(values.into()),
    ))
}

/// A bias in steps of the input's scale times the weight's.
fn bias(
    builder: &mut Builder,
    node: &Node,
    index: usize,
    input_scale: usize,
    weight_scale: usize,
) -> Result<Option<Tensor>> {
    if node.optional(index).is_none() {
        return Ok(None);
    }
    let numbers = builder.constant(node, index)?;
    let mut numbers = builder.read(&numbers)?;
    let input = builder.constant(node, input_scale)?;
    let input = builder.read(&input)?.first().copied().unwrap_or(1.0);
    let weight = builder.constant(node, weight_scale)?;
    let weight = builder.read(&weight)?;
    for (place, number) in numbers.iter_mut().enumerate() {
        *number *= input * weight.get(place).or(weight.first()).copied().unwrap_or(1.0);
    }
    Ok(Some(super::arithmetic::vector(numbers)))
}

/// QLinearConv, QLinearMatMul, and onnxruntime's own QGemm, QLinearAdd and
/// QLinearMul.
pub fn linear(builder: &mut Builder, node: &Node) -> Result<Value> {
    let (value, scale, zero) = match node.operator() {
        "QLinearConv" => {
            let weight = dequantised(builder, node, [3, 4, 5], 0)?;
            let bias = bias(builder, node, 8, 1, 4)?;
            (convolved(builder, node, weight, bias)?, 6, 7)
        }
        "QLinearMatMul" => {
            let weight = dequantised(builder, node, [3, 4, 5], 1)?;
            (multiplied(builder, node, weight, None)?, 6, 7)
        }
        "QGemm" => {
            if node.int("transA", 0) != 0 || node.float("alpha", 1.0) != 1.0 {
                return Err(node.unsupported("transA or alpha"));
            }
            let across = node.int("transB", 0) != 0;
            let mut weight = dequantised(builder, node, [3, 4, 5], i64::from(!across))?;
            if across {
                weight = transposed(node, weight, &[1, 0])?;
            }
            let bias = bias(builder, node, 6, 1, 4)?;
            (multiplied(builder, node, weight, bias)?, 7, 8)
        }
        operator => {
            let mut real = |index: usize| -> Result<Activation> { builder.view(node, index) };
            let (a, b) = (real(0)?, real(3)?);
            let value = match operator {
                "QLinearAdd" => sum(builder, node, &a, &b)?,
                _ => product(builder, node, &a, &b)?,
            };
            (Value::Activation(value), 6, 7)
        }
    };
    let Value::Activation(value) = value else {
        return Ok(value);
    };
    match node.optional(scale) {
        Some(_) => held(builder, node, &value, scale, zero),
        None => Ok(Value::Activation(value)),
    }
}

/// onnxruntime's QLinearGlobalAveragePool.
pub fn mean(builder: &mut Builder, node: &Node) -> Result<Value> {
    if node.int("channels_last", 0) != 0 {
        return Err(node.unsupported("channels_last = 1"));
    }
    let value = builder.view(node, 0)?;
    let axes: Vec<usize> = (2..value.dimensions.len()).collect();
    let mean = reduce(builder, node, &value, &axes, true, Reduction::Mean)?;
    held(builder, node, &mean, 3, 4)
}
