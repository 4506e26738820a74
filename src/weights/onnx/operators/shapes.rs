//! Operators that only move elements of computed values: they change the view.

use super::convolution::{cut, joined};
use super::{Builder, Node, Value, axis_of};
use crate::error::Result;
use crate::weights::onnx::array::Array;
use crate::weights::onnx::value::{Activation, Integer, known};
use crate::weights::onnx::view::{Axis, Dimension};

/// The axes of a node: an attribute, since opset 13 an input; none are all.
pub fn axes(builder: &mut Builder, node: &Node, input: usize) -> Result<Option<Vec<i64>>> {
    match (node.ints("axes"), node.optional(input)) {
        (Some(axes), _) => Ok(Some(axes.to_vec())),
        (None, Some(_)) => known(node, &builder.integers(node, input)?).map(Some),
        (None, None) => Ok(None),
    }
}

/// Shape: the sizes of a value, or of a range of its dimensions.
pub fn shape(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["start", "end"])?;
    let sizes: Vec<Integer> = match builder.value(node, 0)? {
        Value::Activation(value) => {
            let size = |dimension: &Dimension| match dimension.batch {
                true => Integer::Batch,
                false => Integer::Known(dimension.size() as i64),
            };
            value.dimensions.iter().map(size).collect()
        }
        Value::Constant(tensor) => tensor
            .shape
            .0
            .iter()
            .map(|size| Integer::Known(*size as i64))
            .collect(),
        Value::Integers(list) => list
            .shape
            .iter()
            .map(|size| Integer::Known(*size as i64))
            .collect(),
    };
    let rank = sizes.len() as i64;
    let place = |at: i64| (if at < 0 { at + rank } else { at }).clamp(0, rank) as usize;
    let (start, end) = (place(node.int("start", 0)), place(node.int("end", rank)));
    let range = start..end.max(start);
    Ok(Value::Integers(Array::vector(sizes[range].to_vec())))
}

/// Flatten: two dimensions, split at the axis.
pub fn flatten(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axis"])?;
    let value = builder.view(node, 0)?;
    let rank = value.dimensions.len();
    let axis = node.int("axis", 1);
    let axis = if axis < 0 { axis + rank as i64 } else { axis };
    let batch = value
        .dimensions
        .iter()
        .position(|dimension| dimension.batch);
    let sizes = value.sizes();
    let product = |range: &[usize]| Some(range.iter().product::<usize>());
    let target = match (
        usize::try_from(axis).ok().filter(|axis| *axis <= rank),
        batch,
    ) {
        (Some(axis), None) => [product(&sizes[..axis]), product(&sizes[axis..])],
        (Some(1), Some(0)) => [None, product(&sizes)],
        // One row for all: of one picture.
        (Some(0), Some(0)) if builder.batch.is_none_or(|batch| batch == 1) => {
            [None, product(&sizes)]
        }
        _ => return Err(node.unsupported(format_args!("axis = {axis} for {sizes:?}"))),
    };
    reshaped(builder, node, &value, &target).map(Value::Activation)
}

/// Reshape.
pub fn reshape(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["allowzero", "consumed_inputs", "shape"])?;
    let value = builder.view(node, 0)?;
    let target = match node.ints("shape") {
        Some(shape) => shape.iter().map(|size| Integer::Known(*size)).collect(),
        None => builder.integers(node, 1)?,
    };
    let keeps_zeros = node.int("allowzero", 0) != 0;
    let sizes = resolved(builder, &value, &target, keeps_zeros).ok_or_else(|| {
        let shown: Vec<String> = target
            .iter()
            .map(|size| {
                size.known()
                    .map_or("batch".to_owned(), |size| size.to_string())
            })
            .collect();
        node.unsupported(format_args!(
            "the shape [{}] for {:?}",
            shown.join(", "),
            value.sizes()
        ))
    })?;
    reshaped(builder, node, &value, &sizes).map(Value::Activation)
}

/// The sizes that a target stands for, `None` for the batch.
fn resolved(
    builder: &Builder,
    value: &Activation,
    target: &[Integer],
    keeps_zeros: bool,
) -> Option<Vec<Option<usize>>> {
    let own = value.sizes();
    let total: usize = own.iter().product();
    let batch = value
        .dimensions
        .iter()
        .position(|dimension| dimension.batch);
    let copies_batch =
        |place: usize| batch == Some(place) && !keeps_zeros && target[place] == Integer::Known(0);
    let size = |place: usize| match target[place] {
        Integer::Known(0) if !keeps_zeros => own.get(place).map(|size| *size as i64),
        size => size.known(),
    };
    // Sizes other than the batch and the open one.
    let given = |without: Option<usize>| -> Option<usize> {
        let places = (0..target.len()).filter(|place| Some(*place) != without);
        let mut product = 1usize;
        for place in places {
            match size(place)? {
                -1 => {}
                size => product = product.checked_mul(usize::try_from(size).ok()?)?,
            }
        }
        Some(product)
    };
    let open = target.iter().position(|size| *size == Integer::Known(-1));
    let batch = match batch {
        None => None,
        Some(_) => {
            let named = (0..target.len())
                .find(|place| target[*place] == Integer::Batch || copies_batch(*place));
            let open_batch = open.filter(|open| given(Some(*open)) == Some(total));
            let fixed = || {
                let fits = |place: &usize| {
                    let rest = given(Some(*place));
                    let fits = match open {
                        Some(open) if open != *place => {
                            rest.is_some_and(|rest| rest > 0 && total.is_multiple_of(rest))
                        }
                        _ => rest == Some(total),
                    };
                    fits && size(*place)
                        .is_some_and(|size| size > 0 && builder.batch.unwrap_or(1) == size)
                };
                (0..target.len()).find(fits)
            };
            Some(named.or(open_batch).or_else(fixed)?)
        }
    };
    let product = given(batch)?;
    let mut sizes = Vec::new();
    for place in 0..target.len() {
        sizes.push(match size(place) {
            _ if batch == Some(place) => None,
            Some(-1) if product > 0 && total.is_multiple_of(product) => Some(total / product),
            Some(size) => Some(usize::try_from(size).ok()?),
            None => return None,
        });
    }
    let elements = sizes
        .iter()
        .flatten()
        .try_fold(1usize, |all, size| all.checked_mul(*size));
    (elements == Some(total)).then_some(sizes)
}

/// Seen with other sizes; the elements are put in order first where the view has
/// none with these.
fn reshaped(
    builder: &mut Builder,
    node: &Node,
    value: &Activation,
    sizes: &[Option<usize>],
) -> Result<Activation> {
    let value = builder.settle(node.name(), value)?;
    if let Some(reshaped) = value.reshaped(sizes) {
        return Ok(reshaped);
    }
    let own = value.own();
    let groups = crate::weights::onnx::arrange::Groups::vector(&own);
    let ordered = builder.arrange(node.name(), &value, groups)?;
    let reshaped = ordered.reshaped(sizes);
    reshaped.ok_or_else(|| node.unsupported(format_args!("the batch behind {:?}", value.sizes())))
}

/// Squeeze: dimensions of 1 left out.
pub fn squeeze(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axes"])?;
    let value = builder.view(node, 0)?;
    let rank = value.dimensions.len();
    let single =
        |axis: &usize| !value.dimensions[*axis].batch && value.dimensions[*axis].size() == 1;
    let left_out: Vec<usize> = match axes(builder, node, 1)? {
        None => (0..rank).filter(single).collect(),
        Some(axes) => axes
            .into_iter()
            .map(|axis| axis_of(node, axis, rank))
            .collect::<Result<_>>()?,
    };
    for axis in &left_out {
        let dimension = &value.dimensions[*axis];
        let is_one = match dimension.batch {
            true => builder.batch == Some(1),
            false => dimension.size() == 1,
        };
        if !is_one {
            return Err(node.unsupported(format_args!("axis {axis} of {:?}", value.sizes())));
        }
    }
    let kept: Vec<usize> = (0..rank).filter(|axis| !left_out.contains(axis)).collect();
    Ok(Value::Activation(value.transposed(&kept)))
}

/// Unsqueeze: dimensions of 1 put in.
pub fn unsqueeze(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axes"])?;
    let value = builder.view(node, 0)?;
    let axes = axes(builder, node, 1)?.unwrap_or_default();
    let rank = value.dimensions.len() + axes.len();
    let mut new: Vec<usize> = axes
        .into_iter()
        .map(|axis| axis_of(node, axis, rank))
        .collect::<Result<_>>()?;
    new.sort_unstable();
    let mut dimensions = value.dimensions;
    for axis in new {
        if axis > dimensions.len() {
            return Err(node.malformed("an axis named twice"));
        }
        dimensions.insert(axis, Dimension::default());
    }
    Ok(Value::Activation(Activation {
        dimensions,
        ..value
    }))
}

/// Transpose.
pub fn transpose(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["perm"])?;
    let value = builder.view(node, 0)?;
    let permutation = permutation(node, value.dimensions.len())?;
    Ok(Value::Activation(value.transposed(&permutation)))
}

/// The permutation of a Transpose, checked; without one the reverse.
pub fn permutation(node: &Node, rank: usize) -> Result<Vec<usize>> {
    let Some(order) = node.ints("perm") else {
        return Ok((0..rank).rev().collect());
    };
    let order: Vec<usize> = order
        .iter()
        .filter_map(|axis| (*axis).try_into().ok())
        .collect();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    match sorted.iter().copied().eq(0..rank) {
        true => Ok(order),
        false => Err(node.malformed(format_args!(
            "perm = {:?} for rank {rank}",
            node.ints("perm")
        ))),
    }
}

/// A range of one dimension that a Slice takes.
pub struct Range {
    pub axis: usize,
    pub start: usize,
    pub step: i64,
    pub count: usize,
}

/// The ranges of a Slice: attributes before opset 10, inputs since. A range whose
/// ends are not known, as of a batch, covers all.
pub fn ranges(builder: &mut Builder, node: &Node, sizes: &[Option<usize>]) -> Result<Vec<Range>> {
    node.allow(&["axes", "ends", "starts"])?;
    let mut list = |name: &str, input: usize| -> Result<Option<Vec<i64>>> {
        match (node.ints(name), node.optional(input)) {
            (Some(values), _) => Ok(Some(values.to_vec())),
            (None, Some(_)) => known(node, &builder.integers(node, input)?).map(Some),
            (None, None) => Ok(None),
        }
    };
    let starts = list("starts", 1)?.unwrap_or_default();
    let ends = list("ends", 2)?.unwrap_or_default();
    let axes = list("axes", 3)?.unwrap_or((0..starts.len() as i64).collect());
    let steps = list("steps", 4)?.unwrap_or(vec![1; starts.len()]);
    if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] {
        return Err(node.malformed("as many starts, ends, axes and steps"));
    }
    let mut ranges = Vec::new();
    for (place, axis) in axes.into_iter().enumerate() {
        let axis = axis_of(node, axis, sizes.len())?;
        let (start, end, step) = (starts[place], ends[place], steps[place]);
        let Some(size) = sizes[axis] else {
            match (start, end, step) {
                (0, end, 1) if end >= i64::from(i32::MAX) => continue,
                _ => return Err(node.unsupported("a part of the batch")),
            }
        };
        let size = size as i64;
        let counted = |at: i64| if at < 0 { at.saturating_add(size) } else { at };
        let (start, count) = match step {
            0 => return Err(node.malformed("a step of 0")),
            1.. => {
                let (start, end) = (counted(start).clamp(0, size), counted(end).clamp(0, size));
                (start, (end - start).max(0) as u64)
            }
            _ => {
                let (start, end) = (
                    counted(start).clamp(-1, size - 1),
                    counted(end).clamp(-1, size - 1),
                );
                (start.max(0), (start - end).max(0) as u64)
            }
        };
        ranges.push(Range {
            axis,
            start: start as usize,
            step,
            count: count.div_ceil(step.unsigned_abs()) as usize,
        });
    }
    Ok(ranges)
}

/// Slice of a computed value.
pub fn slice(builder: &mut Builder, node: &Node) -> Result<Value> {
    let mut value = builder.view(node, 0)?;
    let sizes: Vec<Option<usize>> = value
        .dimensions
        .iter()
        .map(|dimension| (!dimension.batch).then_some(dimension.size()))
        .collect();
    for Range {
        axis,
        start,
        step,
        count,
    } in ranges(builder, node, &sizes)?
    {
        let step = usize::try_from(step).map_err(|_| node.unsupported("a negative step"))?;
        if count == 0 {
            return Err(node.unsupported("an empty range"));
        }
        value = cut(builder, node, &value, axis, start, step, count)?;
    }
    Ok(Value::Activation(value))
}

/// Split into parts along one dimension.
pub fn split(builder: &mut Builder, node: &Node) -> Result<Vec<Value>> {
    node.allow(&["axis", "num_outputs", "split"])?;
    let value = builder.view(node, 0)?;
    let axis = axis_of(node, node.int("axis", 0), value.dimensions.len())?;
    let size = value.dimensions[axis].size();
    let outputs = node.outputs().len();
    let parts: Vec<usize> = match (node.ints("split"), node.optional(1)) {
        (None, None) => {
            let each = size.div_ceil(outputs.max(1));
            (0..outputs)
                .map(|part| each.min(size.saturating_sub(part * each)))
                .collect()
        }
        (parts, _) => {
            let parts = match parts {
                Some(parts) => parts.to_vec(),
                None => known(node, &builder.integers(node, 1)?)?,
            };
            parts
                .into_iter()
                .map(|part| usize::try_from(part).unwrap_or(0))
                .collect()
        }
    };
    let total = parts
        .iter()
        .try_fold(0usize, |sum, part| sum.checked_add(*part));
    if total != Some(size) || parts.contains(&0) || value.dimensions[axis].batch {
        return Err(node.unsupported(format_args!("parts {parts:?} of {:?}", value.sizes())));
    }
    let mut first = 0;
    let mut values = Vec::new();
    for part in parts {
        let piece = cut(builder, node, &value, axis, first, 1, part)?;
        values.push(Value::Activation(piece));
        first += part;
    }
    Ok(values)
}

/// Gather of a computed value: one index of a dimension, or several.
pub fn gather(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axis"])?;
    let value = builder.view(node, 0)?;
    let Value::Integers(indices) = builder.value(node, 1)? else {
        return Err(node.unsupported("computed indices"));
    };
    let axis = axis_of(node, node.int("axis", 0), value.dimensions.len())?;
    if value.dimensions[axis].batch {
        return Err(node.unsupported("a part of the batch"));
    }
    let size = value.dimensions[axis].size() as i64;
    let mut pieces = Vec::new();
    for index in known(node, &indices.values)? {
        let index = if index < 0 { index + size } else { index };
        if !(0..size).contains(&index) {
            return Err(node.unsupported(format_args!("index {index} of {size}")));
        }
        pieces.push(cut(builder, node, &value, axis, index as usize, 1, 1)?);
    }
    match (indices.shape.len(), &pieces[..]) {
        (0, [piece]) => {
            let kept = (0..piece.dimensions.len()).filter(|at| *at != axis);
            let kept: Vec<usize> = kept.collect();
            Ok(Value::Activation(piece.transposed(&kept)))
        }
        (1, [_, ..]) => joined(builder, node, &pieces, axis).map(Value::Activation),
        _ => Err(node.unsupported("indices of several dimensions")),
    }
}

/// Concat of computed values; constants among them are refused.
pub fn concat(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axis"])?;
    let mut values = Vec::new();
    for index in 0..node.inputs().len() {
        values.push(builder.view(node, index)?);
    }
    let rank = values.first().map_or(0, |value| value.dimensions.len());
    let axis = axis_of(node, node.int("axis", 1), rank)?;
    if values.iter().any(|value| value.dimensions.len() != rank) {
        return Err(node.malformed("inputs of different ranks"));
    }
    joined(builder, node, &values, axis).map(Value::Activation)
}

/// Expand: repeated to a shape.
pub fn expand(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&[])?;
    let value = builder.view(node, 0)?;
    let target = builder.integers(node, 1)?;
    let missing = target.len().saturating_sub(value.dimensions.len());
    let batch = value
        .dimensions
        .iter()
        .position(|d| d.batch)
        .map(|at| at + missing);
    let dimensions: Option<Vec<Dimension>> = target
        .iter()
        .enumerate()
        .map(|(place, size)| match size {
            Integer::Batch => Some(Dimension::batch()),
            Integer::Known(_) if batch == Some(place) => Some(Dimension::batch()),
            Integer::Known(size) => Some(Dimension::axis(usize::try_from(*size).ok()?, 0)),
        })
        .collect();
    let value = builder.settle(node.name(), &value)?;
    let expanded = dimensions.and_then(|dimensions| value.broadcast(&dimensions));
    let sizes = value.sizes();
    let expanded =
        expanded.ok_or_else(|| node.unsupported(format_args!("this shape for {sizes:?}")))?;
    Ok(Value::Activation(expanded))
}

/// Resize and Upsample by whole factors to the nearest pixel: each is repeated.
pub fn resize(builder: &mut Builder, node: &Node) -> Result<Value> {
    let policy = node.text("keep_aspect_ratio_policy", "stretch");
    if policy != "stretch" {
        return Err(node.unsupported(format_args!("keep_aspect_ratio_policy = {policy:?}")));
    }
    let value = builder.view(node, 0)?;
    let mut value = builder.settle(node.name(), &value)?;
    let mode = node.text("mode", "nearest").to_owned();
    let sizes = value.sizes();
    let scales_at = if node.operator() == "Resize" && node.opset > 10 {
        2
    } else {
        1
    };
    let factors: Vec<f32> = match (node.optional(scales_at), node.optional(3)) {
        (Some(_), _) => {
            let scales = builder.constant(node, scales_at)?;
            builder.read(&scales)?
        }
        (None, Some(_)) => {
            let target = builder.integers(node, 3)?;
            let factor = |(size, own): (&Integer, &usize)| match size {
                Integer::Batch => 1.0,
                Integer::Known(size) => *size as f32 / *own as f32,
            };
            target.iter().zip(&sizes).map(factor).collect()
        }
        (None, None) => node
            .attribute("scales")
            .map_or(Vec::new(), |list| list.floats.clone()),
    };
    let floor = node.operator() == "Upsample"
        || matches!(
            (
                node.text("coordinate_transformation_mode", "half_pixel"),
                node.text("nearest_mode", "round_prefer_floor")
            ),
            ("asymmetric", "floor")
                | (
                    "half_pixel" | "half_pixel_symmetric" | "pytorch_half_pixel",
                    "round_prefer_floor" | "round_prefer_ceil"
                )
        );
    let own = value.dimensions.iter();
    let whole = own.zip(&factors).all(|(dimension, factor)| {
        let times = factor.round();
        times >= 1.0 && (times - factor).abs() < 1e-4 && (times == 1.0 || !dimension.batch)
    });
    if mode != "nearest" || !floor || !whole || factors.len() != sizes.len() {
        let coordinates = node.text("coordinate_transformation_mode", "half_pixel");
        return Err(node.unsupported(format_args!(
            "mode = {mode:?}, {coordinates:?}, by {factors:?}"
        )));
    }
    for (dimension, factor) in value.dimensions.iter_mut().zip(&factors) {
        let size = factor.round() as usize;
        if size > 1 {
            dimension.axes.push(Axis { size, stride: 0 });
        }
    }
    Ok(Value::Activation(value))
}

/// DepthToSpace and SpaceToDepth: blocks of pixels from and to channels.
pub fn blocks(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["blocksize", "mode"])?;
    let value = builder.view(node, 0)?;
    let size = node.checked_extents::<1>("blocksize", &[node.int("blocksize", 0)])?[0];
    let [_, channels, height, width] = value.sizes()[..] else {
        return Err(node.unsupported(format_args!("an input of {:?}", value.sizes())));
    };
    let to_space = node.operator() == "DepthToSpace";
    let divides = match to_space {
        true => size > 0 && channels.is_multiple_of(size * size),
        false => size > 0 && height.is_multiple_of(size) && width.is_multiple_of(size),
    };
    if !divides {
        return Err(node.malformed(format_args!("blocks of {size} in {:?}", value.sizes())));
    }
    let columns_rows = node.text("mode", "DCR") == "CRD";
    let (split, order, whole) = match (to_space, columns_rows) {
        (true, false) => (
            vec![
                None,
                Some(size),
                Some(size),
                Some(channels / size / size),
                Some(height),
                Some(width),
            ],
            [0, 3, 4, 1, 5, 2],
            [
                None,
                Some(channels / size / size),
                Some(height * size),
                Some(width * size),
            ],
        ),
        (true, true) => (
            vec![
                None,
                Some(channels / size / size),
                Some(size),
                Some(size),
                Some(height),
                Some(width),
            ],
            [0, 1, 4, 2, 5, 3],
            [
                None,
                Some(channels / size / size),
                Some(height * size),
                Some(width * size),
            ],
        ),
        (false, _) => (
            vec![
                None,
                Some(channels),
                Some(height / size),
                Some(size),
                Some(width / size),
                Some(size),
            ],
            [0, 3, 5, 1, 2, 4],
            [
                None,
                Some(channels * size * size),
                Some(height / size),
                Some(width / size),
            ],
        ),
    };
    let split = reshaped(builder, node, &value, &split)?.transposed(&order);
    reshaped(builder, node, &split, &whole).map(Value::Activation)
}
