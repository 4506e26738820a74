//! Operators over constants: whatever is constant is computed when the file is
//! opened. Integers (shapes and what is made of them) and floating point numbers
//! follow the same rules; a large constant that is only seen otherwise stays in the
//! file.

use super::shapes::{Range, axes, permutation, ranges};
use super::{Builder, Node, Value, axis_of};
use crate::error::Result;
use crate::shape::Shape;
use crate::weights::onnx::FORMAT;
use crate::weights::onnx::array::{Array, broadcast};
use crate::weights::onnx::value::{Integer, MAX_INTEGERS, known};
use crate::weights::strided::{contiguous, is_contiguous};
use crate::weights::tensor::{Tensor, Values, checked_shape};

/// A constant in memory.
enum Known {
    Floats(Array<f32>),
    Integers(Array<Integer>),
}

/// The value of a node all of whose inputs are constant; `None` when they are not,
/// or the operator is not known here.
pub fn fold(builder: &mut Builder, node: &Node) -> Result<Option<Value>> {
    let names = node.inputs().iter().filter(|name| !name.is_empty());
    let mut constants = names.map(|name| builder.get(name));
    let all = constants.all(|value| matches!(value, Some(Value::Constant(_) | Value::Integers(_))));
    if !all || node.inputs().is_empty() {
        return Ok(None);
    }
    let value = match node.operator() {
        "Identity" | "Dropout" => builder.value(node, 0)?,
        "Cast" => cast(builder, node)?,
        "CastLike" => builder.value(node, 0)?,
        "Transpose" | "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze" => moved(builder, node)?,
        "Slice" | "Gather" | "Concat" | "Expand" | "Tile" | "Split" => picked(builder, node)?,
        "ReduceMean" | "ReduceSum" | "ReduceMax" | "ReduceMin" | "ReduceProd"
        | "ReduceSumSquare" | "ReduceL2" => reduced(builder, node)?,
        "Where" => chosen(builder, node)?,
        "Range" => range(builder, node)?,
        "DequantizeLinear" => return super::quantised::constant(builder, node).map(Some),
        operator => match (node.optional(1), pair(operator), single(operator)) {
            (Some(_), true, _) => joined(builder, node)?,
            (None, _, Some(change)) => changed(builder, node, change)?,
            _ => return Ok(None),
        },
    };
    Ok(Some(value))
}

fn load(builder: &mut Builder, node: &Node, index: usize) -> Result<Known> {
    match builder.value(node, index)? {
        Value::Constant(tensor) => builder.array(&tensor).map(Known::Floats),
        Value::Integers(array) => Ok(Known::Integers(array)),
        Value::Activation(_) => Err(node.unsupported(format_args!("a computed input {index}"))),
    }
}

fn floats(builder: &mut Builder, node: &Node, array: Array<f32>) -> Result<Value> {
    builder.count(array.values.len())?;
    Ok(Value::floats(
        node.outputs().first().map_or("", |name| name),
        array,
    ))
}

fn integers(node: &Node, array: Array<Integer>) -> Result<Value> {
    match array.values.len() <= MAX_INTEGERS {
        true => Ok(Value::Integers(array)),
        false => Err(node.unsupported(format_args!("more than {MAX_INTEGERS} integers"))),
    }
}

fn wrapped(builder: &mut Builder, node: &Node, array: Known) -> Result<Value> {
    match array {
        Known::Floats(array) => floats(builder, node, array),
        Known::Integers(array) => integers(node, array),
    }
}

/// Applies the same to either kind of array.
macro_rules! either {
    ($known:expr, $array:ident => $change:expr) => {
        match $known {
            Known::Floats($array) => Known::Floats($change),
            Known::Integers($array) => Known::Integers($change),
        }
    };
}

/// Cast between kinds of numbers.
fn cast(builder: &mut Builder, node: &Node) -> Result<Value> {
    let to = node.int("to", 1);
    let is_float = matches!(to, 1 | 10 | 11 | 16);
    match builder.value(node, 0)? {
        Value::Constant(tensor) if !is_float => {
            if tensor.elements() > MAX_INTEGERS {
                return Err(node.unsupported(format_args!("to = {to}")));
            }
            let array = builder.array(&tensor)?;
            // Truth values: anything but 0.
            let whole = |value: f32| {
                Integer::Known(if to == 9 {
                    (value != 0.0).into()
                } else {
                    value as i64
                })
            };
            Ok(Value::Integers(array.map(whole)))
        }
        Value::Integers(list) if is_float => builder.floats_of(node, &list).map(Value::Constant),
        value => Ok(value),
    }
}

/// Operators that see a constant in another shape or order.
fn moved(builder: &mut Builder, node: &Node) -> Result<Value> {
    let value = builder.value(node, 0)?;
    let sizes = match &value {
        Value::Constant(tensor) => tensor.shape.0.clone(),
        Value::Integers(array) => array.shape.clone(),
        Value::Activation(_) => unreachable!("only constants are folded"),
    };
    let rank = sizes.len();
    if node.operator() == "Transpose" {
        node.allow(&["perm"])?;
        let order = permutation(node, rank)?;
        return match value {
            Value::Constant(tensor) => transposed(node, tensor, &order).map(Value::Constant),
            Value::Integers(array) => Ok(Value::Integers(array.transposed(&order))),
            value => Ok(value),
        };
    }
    let shape: Vec<usize> = match node.operator() {
        "Reshape" => {
            let target = match node.ints("shape") {
                Some(shape) => shape.to_vec(),
                None => known(node, &builder.integers(node, 1)?)?,
            };
            let keeps_zeros = node.int("allowzero", 0) != 0;
            let mut shape = Vec::new();
            for (place, size) in target.iter().enumerate() {
                shape.push(match size {
                    0 if !keeps_zeros => sizes.get(place).map_or(0, |size| *size as i64),
                    size => *size,
                });
            }
            let given = shape.iter().filter(|size| **size != -1);
            let given = given.fold(1i64, |product, size| product.saturating_mul(*size));
            let total = sizes.iter().product::<usize>() as i64;
            let open = |size: i64| {
                if size == -1 {
                    total / given.max(1)
                } else {
                    size
                }
            };
            shape
                .into_iter()
                .map(|size| open(size).max(0) as usize)
                .collect()
        }
        "Flatten" => {
            let axis = node.int("axis", 1);
            let axis = if axis < 0 { axis + rank as i64 } else { axis };
            let axis = axis.clamp(0, rank as i64) as usize;
            vec![
                sizes[..axis].iter().product(),
                sizes[axis..].iter().product(),
            ]
        }
        "Squeeze" => match axes(builder, node, 1)? {
            None => sizes.iter().copied().filter(|size| *size != 1).collect(),
            Some(axes) => {
                let left_out: Vec<usize> = axes
                    .into_iter()
                    .map(|axis| axis_of(node, axis, rank))
                    .collect::<Result<_>>()?;
                let kept = (0..rank).filter(|axis| !left_out.contains(axis));
                kept.map(|axis| sizes[axis]).collect()
            }
        },
        _ => {
            let axes = axes(builder, node, 1)?.unwrap_or_default();
            let rank = rank + axes.len();
            let mut new: Vec<usize> = axes
                .into_iter()
                .map(|axis| axis_of(node, axis, rank))
                .collect::<Result<_>>()?;
            new.sort_unstable();
            let mut shape = sizes.clone();
            for axis in new {
                if axis > shape.len() {
                    return Err(node.malformed("an axis named twice"));
                }
                shape.insert(axis, 1);
            }
            shape
        }
    };
    if shape
        .iter()
        .try_fold(1usize, |all, size| all.checked_mul(*size))
        != Some(sizes.iter().product())
    {
        return Err(node.malformed(format_args!("{sizes:?} as {shape:?}")));
    }
    match value {
        Value::Integers(array) => Ok(Value::Integers(Array { shape, ..array })),
        Value::Constant(tensor) => {
            let in_order = !matches!(
                &tensor.values,
                Values::Stored {
                    strides: Some(_),
                    ..
                }
            );
            match in_order && tensor.scale.is_empty() {
                true => Ok(Value::Constant(Tensor {
                    shape: Shape(shape),
                    ..tensor
                })),
                false => {
                    let array = builder.array(&tensor)?;
                    floats(builder, node, Array { shape, ..array })
                }
            }
        }
        value => Ok(value),
    }
}

/// A constant with its dimensions in another order: seen so where the file holds
/// it, not copied.
pub fn transposed(node: &Node, tensor: Tensor, order: &[usize]) -> Result<Tensor> {
    let sizes = tensor.shape.0.clone();
    if sizes.len() != order.len() {
        return Err(node.unsupported(format_args!("a weight of {}", tensor.shape)));
    }
    if !tensor.scale.is_empty() {
        return Err(node.unsupported("a weight that is scaled already"));
    }
    let shape: Vec<usize> = order.iter().map(|axis| sizes[*axis]).collect();
    let values = match tensor.values {
        Values::Stored {
            element,
            offset,
            strides,
        } => {
            let strides = strides.unwrap_or_else(|| contiguous(&sizes));
            let strides: Vec<usize> = order.iter().map(|axis| strides[*axis]).collect();
            Values::Stored {
                element,
                offset,
                strides: (!is_contiguous(&shape, &strides)).then_some(strides),
            }
        }
        Values::Memory(values) => {
            let array = Array {
                shape: sizes,
                values: values.to_vec(),
            };
            Values::Memory(array.transposed(order).values.into())
        }
        Values::Repeated(value) => Values::Repeated(value),
        _ => return Err(node.unsupported("a weight that the file does not hold")),
    };
    Ok(Tensor {
        shape: Shape(shape),
        values,
        ..tensor
    })
}

/// Operators that pick or repeat elements.
fn picked(builder: &mut Builder, node: &Node) -> Result<Value> {
    let array = load(builder, node, 0)?;
    let shape = match &array {
        Known::Floats(array) => array.shape.clone(),
        Known::Integers(array) => array.shape.clone(),
    };
    let rank = shape.len();
    let result = match node.operator() {
        "Slice" => {
            let sizes: Vec<Option<usize>> = shape.iter().copied().map(Some).collect();
            let mut array = array;
            for Range {
                axis,
                start,
                step,
                count,
            } in ranges(builder, node, &sizes)?
            {
                array = either!(array, a => a.sliced(axis, start, step as isize, count));
            }
            array
        }
        "Gather" => {
            let axis = axis_of(node, node.int("axis", 0), rank)?;
            let Known::Integers(indices) = load(builder, node, 1)? else {
                return Err(node.unsupported("indices that are no integers"));
            };
            let places: Option<Vec<usize>> = known(node, &indices.values)?
                .into_iter()
                .map(|index| {
                    let index = if index < 0 {
                        index + shape[axis] as i64
                    } else {
                        index
                    };
                    usize::try_from(index)
                        .ok()
                        .filter(|index| *index < shape[axis])
                })
                .collect();
            let values = places.ok_or_else(|| node.unsupported("an index that is not there"))?;
            let indices = Array {
                shape: indices.shape,
                values,
            };
            either!(array, a => a.taken(axis, &indices))
        }
        "Concat" => {
            let axis = axis_of(node, node.int("axis", 0), rank)?;
            let (mut reals, mut wholes) = (Vec::new(), Vec::new());
            for index in 0..node.inputs().len() {
                match load(builder, node, index)? {
                    Known::Floats(array) => reals.push(array),
                    Known::Integers(array) => wholes.push(array),
                }
            }
            // An empty list is of either kind.
            reals.retain(|array| !array.values.is_empty() || wholes.is_empty());
            let elements: usize = reals.iter().map(|array| array.values.len()).sum();
            builder.count(elements)?;
            let total: usize = wholes.iter().map(|array| array.values.len()).sum();
            if total > MAX_INTEGERS {
                return Err(node.unsupported(format_args!("more than {MAX_INTEGERS} integers")));
            }
            let joined = match (&reals[..], &wholes[..]) {
                (_, []) => Array::concatenated(&reals, axis).map(Known::Floats),
                ([], _) => Array::concatenated(&wholes, axis).map(Known::Integers),
                _ => None,
            };
            joined.ok_or_else(|| node.unsupported("inputs that do not fit"))?
        }
        "Expand" => {
            let target: Vec<u64> = known(node, &builder.integers(node, 1)?)?
                .into_iter()
                .map(|size| u64::try_from(size).unwrap_or(u64::MAX))
                .collect();
            let target = checked_shape(FORMAT, node.name(), target)?.0;
            let target = broadcast(&shape, &target);
            let target = target.ok_or_else(|| node.malformed("a shape that does not fit"))?;
            builder.count(target.iter().product())?;
            either!(array, a => a.expanded(target))
        }
        _ => return Err(node.unsupported("a constant input 0")),
    };
    wrapped(builder, node, result)
}

/// Sums, products, means and extremes along axes.
fn reduced(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axes", "keepdims", "noop_with_empty_axes"])?;
    let array = load(builder, node, 0)?;
    let rank = match &array {
        Known::Floats(array) => array.shape.len(),
        Known::Integers(array) => array.shape.len(),
    };
    let axes: Vec<usize> = match axes(builder, node, 1)? {
        Some(axes) if !axes.is_empty() => axes
            .into_iter()
            .map(|axis| axis_of(node, axis, rank))
            .collect::<Result<_>>()?,
        _ if node.int("noop_with_empty_axes", 0) != 0 => Vec::new(),
        _ => (0..rank).collect(),
    };
    let keep = node.int("keepdims", 1) != 0;
    let operator = node.operator();
    match array {
        Known::Floats(array) => {
            let join = |values: &[f32]| {
                let wide = values.iter().copied().map(f64::from);
                let result = match operator {
                    "ReduceMean" => wide.sum::<f64>() / values.len() as f64,
                    "ReduceSum" => wide.sum(),
                    "ReduceProd" => wide.product(),
                    "ReduceMax" => wide.fold(f64::NEG_INFINITY, f64::max),
                    "ReduceMin" => wide.fold(f64::INFINITY, f64::min),
                    "ReduceL2" => wide.map(|x| x * x).sum::<f64>().sqrt(),
                    _ => wide.map(|x| x * x).sum(),
                };
                result as f32
            };
            floats(builder, node, array.reduced(&axes, keep, join))
        }
        Known::Integers(array) => {
            let values = known(node, &array.values)?;
            let array = Array {
                shape: array.shape,
                values,
            };
            let join = |values: &[i64]| {
                let numbers = values.iter().copied();
                Integer::Known(match operator {
                    "ReduceProd" => numbers.fold(1, i64::saturating_mul),
                    "ReduceMax" => numbers.max().unwrap_or(0),
                    "ReduceMin" => numbers.min().unwrap_or(0),
                    _ => numbers.fold(0, i64::saturating_add),
                })
            };
            integers(node, array.reduced(&axes, keep, join))
        }
    }
}

/// Where: one of two, by truth values.
fn chosen(builder: &mut Builder, node: &Node) -> Result<Value> {
    let Known::Integers(condition) = load(builder, node, 0)? else {
        return Err(node.unsupported("a condition that is not of truth values"));
    };
    let unfit = || node.malformed("shapes that do not fit");
    match (load(builder, node, 1)?, load(builder, node, 2)?) {
        (Known::Integers(yes), Known::Integers(no)) => {
            let pairs = yes.zip(&no, |yes, no| (yes, no)).ok_or_else(unfit)?;
            let chosen = condition.zip(&pairs, |condition, (yes, no)| match condition {
                Integer::Known(0) => no,
                _ => yes,
            });
            integers(node, chosen.ok_or_else(unfit)?)
        }
        (Known::Floats(yes), Known::Floats(no)) => {
            let pairs = yes.zip(&no, |yes, no| (yes, no)).ok_or_else(unfit)?;
            let chosen = condition.zip(&pairs, |condition, (yes, no)| match condition {
                Integer::Known(0) => no,
                _ => yes,
            });
            floats(builder, node, chosen.ok_or_else(unfit)?)
        }
        _ => Err(node.unsupported("values of two kinds")),
    }
}

/// Range of integers.
fn range(builder: &mut Builder, node: &Node) -> Result<Value> {
    let mut number = |index| -> Result<i64> {
        let list = known(node, &builder.integers(node, index)?)?;
        list.first()
            .copied()
            .ok_or_else(|| node.malformed("a limit is missing"))
    };
    let (start, limit, step) = (number(0)?, number(1)?, number(2)?);
    let mut list = Vec::new();
    let mut at = start;
    while step != 0 && (step > 0 && at < limit || step < 0 && at > limit) {
        if list.len() == MAX_INTEGERS {
            return Err(node.unsupported(format_args!("more than {MAX_INTEGERS} integers")));
        }
        list.push(at);
        at = at.saturating_add(step);
    }
    Ok(Value::integers(list))
}

/// Whether an operator joins two arrays element by element.
fn pair(operator: &str) -> bool {
    matches!(
        operator,
        "Add"
            | "Sub"
            | "Mul"
            | "Div"
            | "Pow"
            | "Min"
            | "Max"
            | "Mod"
            | "Equal"
            | "Less"
            | "LessOrEqual"
            | "Greater"
            | "GreaterOrEqual"
            | "And"
            | "Or"
    )
}

fn joined(builder: &mut Builder, node: &Node) -> Result<Value> {
    let unfit = || node.malformed("shapes that do not fit");
    let operator = node.operator();
    let (a, b) = (load(builder, node, 0)?, load(builder, node, 1)?);
    match (a, b) {
        (Known::Integers(a), Known::Integers(b)) => {
            let joined = a.zip(&b, |a, b| whole(operator, a, b)).ok_or_else(unfit)?;
            let values: Option<Vec<Integer>> = joined.values.into_iter().collect();
            let values = values.ok_or_else(|| node.unsupported("these integers"))?;
            integers(
                node,
                Array {
                    shape: joined.shape,
                    values,
                },
            )
        }
        (a, b) => {
            let real = |known: Known| match known {
                Known::Floats(array) => Ok(array),
                Known::Integers(array) => {
                    let tensor = builder.floats_of(node, &array)?;
                    builder.array(&tensor)
                }
            };
            let (a, b) = (real(a)?, real(b)?);
            let truth = |holds: bool| f32::from(u8::from(holds));
            let join = |a: f32, b: f32| match operator {
                "Add" => a + b,
                "Sub" => a - b,
                "Mul" => a * b,
                "Div" => a / b,
                "Pow" => a.powf(b),
                "Min" => a.min(b),
                "Max" => a.max(b),
                "Equal" => truth(a == b),
                "Less" => truth(a < b),
                "LessOrEqual" => truth(a <= b),
                "Greater" => truth(a > b),
                "GreaterOrEqual" => truth(a >= b),
                _ => f32::NAN,
            };
            let joined = a.zip(&b, join).ok_or_else(unfit)?;
            match operator {
                "Equal" | "Less" | "LessOrEqual" | "Greater" | "GreaterOrEqual" => {
                    integers(node, joined.map(|value| Integer::Known(value as i64)))
                }
                _ => floats(builder, node, joined),
            }
        }
    }
}

/// Two integers joined; the batch, which is not known, only with what leaves it or
/// makes no difference.
fn whole(operator: &str, a: Integer, b: Integer) -> Option<Integer> {
    let (Integer::Known(a), Integer::Known(b)) = (a, b) else {
        return match (operator, a, b) {
            ("Mul" | "Div", batch, Integer::Known(1)) | ("Mul", Integer::Known(1), batch) => {
                Some(batch)
            }
            ("Add" | "Sub", batch, Integer::Known(0)) | ("Add", Integer::Known(0), batch) => {
                Some(batch)
            }
            ("Equal", Integer::Batch, Integer::Batch) => Some(Integer::Known(1)),
            // A size is neither negative nor 0.
            ("Equal", Integer::Batch, Integer::Known(..=0))
            | ("Equal", Integer::Known(..=0), Integer::Batch) => Some(Integer::Known(0)),
            ("Max", Integer::Batch, Integer::Known(..=1))
            | ("Max", Integer::Known(..=1), Integer::Batch) => Some(Integer::Batch),
            _ => None,
        };
    };
    Some(Integer::Known(match operator {
        "Add" => a.checked_add(b)?,
        "Sub" => a.checked_sub(b)?,
        "Mul" => a.checked_mul(b)?,
        // Towards zero, as in C.
        "Div" => a.checked_div(b)?,
        "Mod" => a.checked_rem_euclid(b)?,
        "Pow" => a.checked_pow(b.try_into().ok()?)?,
        "Min" => a.min(b),
        "Max" => a.max(b),
        "Equal" => (a == b).into(),
        "Less" => (a < b).into(),
        "LessOrEqual" => (a <= b).into(),
        "Greater" => (a > b).into(),
        "GreaterOrEqual" => (a >= b).into(),
        "And" => (a != 0 && b != 0).into(),
        _ => (a != 0 || b != 0).into(),
    }))
}

/// An operator of one array, on real numbers and on integers.
type Change = (fn(f32) -> f32, Option<fn(i64) -> i64>);

fn single(operator: &str) -> Option<Change> {
    Some(match operator {
        "Neg" => (|x| -x, Some(i64::saturating_neg)),
        "Abs" => (f32::abs, Some(i64::saturating_abs)),
        "Not" => (|x| f32::from(u8::from(x == 0.0)), Some(|x| (x == 0).into())),
        "Sqrt" => (f32::sqrt, None),
        "Exp" => (f32::exp, None),
        "Log" => (f32::ln, None),
        "Reciprocal" => (f32::recip, None),
        "Floor" => (f32::floor, Some(|x| x)),
        "Ceil" => (f32::ceil, Some(|x| x)),
        "Round" => (f32::round_ties_even, Some(|x| x)),
        "Relu" => (|x| x.max(0.0), Some(|x| x.max(0))),
        "Sigmoid" => (|x| 1.0 / (1.0 + (-x).exp()), None),
        "Tanh" => (f32::tanh, None),
        _ => return None,
    })
}

fn changed(builder: &mut Builder, node: &Node, (real, whole): Change) -> Result<Value> {
    match (load(builder, node, 0)?, whole) {
        (Known::Floats(array), _) => floats(builder, node, array.map(real)),
        (Known::Integers(array), Some(change)) => {
            let values = known(node, &array.values)?;
            let values = values
                .into_iter()
                .map(|value| Integer::Known(change(value)));
            let values = values.collect();
            Ok(Value::Integers(Array {
                shape: array.shape,
                values,
            }))
        }
        (Known::Integers(array), None) => {
            let tensor = builder.floats_of(node, &array)?;
            let array = builder.array(&tensor)?;
            floats(builder, node, array.map(real))
        }
    }
}

/// Constant: a value that a node holds.
pub fn constant(builder: &mut Builder, node: &Node) -> Result<Value> {
    let name = node.outputs().first().map_or("", |name| name);
    if let Some(tensor) = node.attribute("value").and_then(|value| value.t.as_ref()) {
        builder.stored(name, tensor)
    } else if let Some(value) = node.attribute("value_int") {
        Ok(Value::Integers(Array::scalar(Integer::Known(value.i))))
    } else if let Some(values) = node.ints("value_ints") {
        integers(
            node,
            Array::vector(values.iter().map(|value| Integer::Known(*value)).collect()),
        )
    } else if let Some(value) = node.attribute("value_float") {
        Ok(Value::floats(name, Array::scalar(value.f)))
    } else if let Some(values) = node.attribute("value_floats") {
        Ok(Value::floats(name, Array::vector(values.floats.clone())))
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
            Value::Integers(list) if list.values.len() == 1 => {
                let elements = shape.elements();
                if elements > MAX_INTEGERS {
                    return Err(node.unsupported(format_args!("more than {MAX_INTEGERS} integers")));
                }
                let values = vec![list.values[0]; elements];
                return Ok(Value::Integers(Array {
                    shape: shape.0,
                    values,
                }));
            }
            Value::Constant(tensor) if tensor.elements() == 1 => builder.read(&tensor)?[0],
            _ => return Err(node.unsupported("a value that is not one number")),
        },
    };
    Ok(Value::Constant(Tensor::new(
        name,
        shape,
        Values::Repeated(value),
    )))
}
