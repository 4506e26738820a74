//! Conv, and Pad, which the next convolution or pool takes over.

use super::{Builder, Node, Value, axis_of, layer_name, windows};
use crate::error::Result;
use crate::layers::{Concat, Conv2d};
use crate::shape::Shape;
use crate::weights::onnx::arrange::standing;
use crate::weights::onnx::value::{Activation, known};
use crate::weights::strided::contiguous;
use crate::weights::tensor::{Tensor, Values};

/// Conv of a constant weight `[out, in / groups, height, width]`, or without width.
pub fn conv(builder: &mut Builder, node: &Node) -> Result<Value> {
    let weight = builder.constant(node, 1)?;
    let bias = match node.optional(2) {
        Some(_) => Some(builder.constant(node, 2)?),
        None => None,
    };
    convolved(builder, node, weight, bias)
}

/// The convolution of input 0 with this weight and bias.
pub fn convolved(
    builder: &mut Builder,
    node: &Node,
    weight: Tensor,
    bias: Option<Tensor>,
) -> Result<Value> {
    node.allow(&[&windows::ATTRIBUTES[..], &["group"]].concat())?;
    let (mut value, spatial) = builder.maps(node, 0)?;
    let weight = match (weight.shape.0.len(), spatial.len()) {
        (3, 1) => with_ones(node, weight, 1)?,
        _ => weight,
    };
    let [out_channels, _, height, width] = weight.shape.0[..] else {
        return Err(node.unsupported(format_args!("a weight of {}", weight.shape)));
    };
    let kernel = windows::pair(node, "kernel_shape", spatial.len())?.unwrap_or([height, width]);
    if kernel != [height, width] {
        return Err(node.malformed("its kernel_shape is not that of its weight"));
    }
    let [groups] = node.checked_extents("group", &[node.int("group", 1)])?;
    let (layer, window) = windows::taken_over(builder, node, &mut value, &spatial, kernel)?;
    let convolution = Conv2d {
        out_channels,
        window,
        groups,
        bias: bias.is_some(),
    };
    let name = layer_name(node, &weight).to_owned();
    let layer = builder.add_with(&name, convolution.into(), &[layer], Some(weight), bias)?;
    Ok(Value::Activation(windows::answer(
        builder, layer, &value, &spatial,
    )))
}

/// A constant with `count` more dimensions of 1 behind the others.
pub fn with_ones(node: &Node, tensor: Tensor, count: usize) -> Result<Tensor> {
    if !tensor.scale.is_empty() && tensor.shape.0.is_empty() {
        return Err(node.unsupported("a weight that is scaled already"));
    }
    let mut shape = tensor.shape.0;
    shape.extend(vec![1; count]);
    let values = match tensor.values {
        Values::Stored {
            element,
            offset,
            strides: Some(mut strides),
        } => {
            strides.extend(vec![1; count]);
            Values::Stored {
                element,
                offset,
                strides: (strides != contiguous(&shape)).then_some(strides),
            }
        }
        values => values,
    };
    Ok(Tensor {
        shape: Shape(shape),
        values,
        ..tensor
    })
}

/// Pad: zeros around the maps, which their reader adds; a border mirrored or
/// repeated, row by row; or less, which cuts.
pub fn pad(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["mode", "pads", "paddings", "value"])?;
    let mut value = builder.view(node, 0)?;
    let mode = node.text("mode", "constant");
    let fill = match node.optional(2) {
        Some(_) => {
            let fill = builder.constant(node, 2)?;
            builder.read(&fill)?.first().copied().unwrap_or(0.0)
        }
        None => node.float("value", 0.0),
    };
    let pads = match node.ints("pads").or(node.ints("paddings")) {
        Some(pads) => pads.to_vec(),
        None => known(node, &builder.integers(node, 1)?)?,
    };
    let rank = value.dimensions.len();
    let axes: Vec<usize> = match node.optional(3) {
        Some(_) => known(node, &builder.integers(node, 3)?)?
            .into_iter()
            .map(|axis| axis_of(node, axis, rank))
            .collect::<Result<_>>()?,
        None => (0..rank).collect(),
    };
    if pads.len() != 2 * axes.len() {
        return Err(node.malformed(format_args!("{} pads for {} dimensions", pads.len(), rank)));
    }
    if mode == "constant" && fill != 0.0 && pads.iter().any(|pad| *pad > 0) {
        let fill = f64::from(fill);
        return Err(node.unsupported(format_args!("padding with {fill}")));
    }
    for (place, axis) in axes.iter().enumerate() {
        let own = [pads[place], pads[place + axes.len()]];
        if own == [0; 2] {
            continue;
        }
        if value.dimensions[*axis].batch {
            return Err(node.unsupported("padding of the batch"));
        }
        let less = own.map(|pad| pad.min(0).unsigned_abs() as usize);
        let size = value.dimensions[*axis].size();
        let count = size
            .checked_sub(less[0].saturating_add(less[1]))
            .filter(|count| *count > 0);
        let count = count.ok_or_else(|| node.malformed("it cuts everything"))?;
        if less != [0; 2] {
            value = cut(builder, node, &value, *axis, less[0], 1, count)?;
        }
        let [before, behind] = node.checked_extents("pads", &own.map(|pad| pad.max(0)))?;
        value = match mode {
            "constant" => {
                let dimension = &mut value.dimensions[*axis];
                dimension.padding[0] += before;
                dimension.padding[1] += behind;
                let sum: Vec<i64> = dimension.padding.iter().map(|pad| *pad as i64).collect();
                node.checked_extents::<2>("pads", &sum)?;
                value
            }
            "reflect" | "edge" | "wrap" => {
                border(builder, node, &value, *axis, mode, [before, behind])?
            }
            other => return Err(node.unsupported(format_args!("mode = {other:?}"))),
        };
    }
    Ok(Value::Activation(value))
}

/// Indices of a dimension, from its elements in order where the view has none.
pub fn cut(
    builder: &mut Builder,
    node: &Node,
    value: &Activation,
    axis: usize,
    start: usize,
    step: usize,
    count: usize,
) -> Result<Activation> {
    if let Some(cut) = value.sliced(axis, start, step, count) {
        return Ok(cut);
    }
    let natural = builder.natural(node.name(), value)?;
    let cut = natural.sliced(axis, start, step, count);
    cut.ok_or_else(|| node.unsupported(format_args!("axis {axis} of {:?}", value.sizes())))
}

/// A dimension with rows before and behind that are copies of its own.
fn border(
    builder: &mut Builder,
    node: &Node,
    value: &Activation,
    axis: usize,
    mode: &str,
    [before, behind]: [usize; 2],
) -> Result<Activation> {
    let size = value.dimensions[axis].size() as i64;
    let source = |place: i64| match mode {
        "edge" => place.clamp(0, size - 1),
        "wrap" => place.rem_euclid(size),
        // Mirrored at the middle of the first and last pixel, which come once.
        _ if place < 0 => -place,
        _ if place >= size => 2 * (size - 1) - place,
        _ => place,
    };
    let outside = (-(before as i64)..0).chain(size..size + behind as i64);
    let mut rows = Vec::new();
    for place in outside {
        let row = source(place);
        if !(0..size).contains(&row) {
            return Err(node.unsupported("a border wider than the maps"));
        }
        rows.push(cut(builder, node, value, axis, row as usize, 1, 1)?);
    }
    rows.insert(before, value.clone());
    joined(builder, node, &rows, axis)
}

/// Values behind each other along a dimension.
pub fn joined(
    builder: &mut Builder,
    node: &Node,
    values: &[Activation],
    axis: usize,
) -> Result<Activation> {
    let name = node.name();
    let own: Vec<usize> = values[0].own();
    if !own.contains(&axis) || values.iter().any(|value| value.own() != own) {
        return Err(node.unsupported(format_args!("axis = {axis} of these inputs")));
    }
    let rest: Vec<usize> = own.into_iter().filter(|at| *at != axis).collect();
    let mut layers = Vec::new();
    let mut total = 0;
    for value in values {
        total += value.dimensions[axis].size();
        layers.push(builder.channels_last(name, value, &[axis])?.layer);
    }
    let layer = match layers[..] {
        [only] => only,
        _ => builder.add(name, Concat, &layers)?,
    };
    let mut sizes = values[0].sizes();
    sizes[axis] = total;
    let mut order = rest;
    order.push(axis);
    Ok(standing(layer, &values[0], &order, &sizes))
}
