//! Arithmetic over views, of which the operators are made: `scale * x + shift`,
//! sums and products of two values, means and maxima.

use super::super::arrange::{Groups, standing};
use super::super::array::broadcast;
use super::super::value::Activation;
use super::super::view::Dimension;
use super::{Builder, Node, patterns};
use crate::error::Result;
use crate::layers::{
    Activation as Function, Add, AvgPool2d, Conv2d, Layer, MaxPool2d, Multiply, Window,
};
use crate::shape::Shape;
use crate::weights::tensor::{Tensor, Values};

/// `scale * x + shift` with numbers along some dimensions; one number where
/// `axes` is empty.
#[derive(Debug, Clone, Default)]
pub struct Affine {
    pub axes: Vec<usize>,
    pub scale: Option<Vec<f32>>,
    pub shift: Option<Vec<f32>>,
}

impl Affine {
    /// One number everywhere.
    pub fn scalar(scale: f32, shift: f32) -> Self {
        Self {
            axes: Vec::new(),
            scale: (scale != 1.0).then(|| vec![scale]),
            shift: (shift != 0.0).then(|| vec![shift]),
        }
    }

    fn numbers(&self) -> (f32, f32) {
        let first = |list: &Option<Vec<f32>>| list.as_ref().map(|list| list[0]);
        (
            first(&self.scale).unwrap_or(1.0),
            first(&self.shift).unwrap_or(0.0),
        )
    }

    /// With each number for `count` channels.
    fn repeated(self, count: usize) -> Self {
        let repeat = |list: Vec<f32>| match list.len() {
            1 => vec![list[0]; count],
            _ => list,
        };
        Self {
            scale: self.scale.map(repeat),
            shift: self.shift.map(repeat),
            ..self
        }
    }
}

/// The value `scale * x + shift`: the layer before takes it into its weight and
/// bias where it can, else a convolution of one pixel and one channel each does it.
pub fn affine(
    builder: &mut Builder,
    name: &str,
    value: &Activation,
    affine: Affine,
) -> Result<Activation> {
    if affine.scale.is_none() && affine.shift.is_none() {
        return Ok(value.clone());
    }
    let value = builder.settle(name, value)?;
    if affine.axes.is_empty() {
        let draft = builder.draft(value.layer);
        let whole = value.is_whole(draft.shape.elements());
        if whole && !draft.shared {
            let channels = *draft.shape.0.last().expect("maps or vectors");
            let (scale, shift) = affine.numbers();
            match &draft.layer {
                Layer::Conv2d(_) | Layer::Linear(_) => {
                    fold(builder, value.layer, affine.repeated(channels))?;
                    return Ok(value);
                }
                Layer::Activation(Function::Affine {
                    scale: before,
                    shift: own,
                }) => {
                    let (scale, shift) = (scale * before, scale * own + shift);
                    let both = Function::Affine { scale, shift };
                    builder.draft_mut(value.layer).layer = both.into();
                    return Ok(value);
                }
                _ => {}
            }
        }
        let (scale, shift) = affine.numbers();
        if let Some(x) = patterns::gelu_halved(builder, &value, scale, shift) {
            return builder.pointwise(name, Function::Gelu, &x);
        }
        return builder.pointwise(name, Function::Affine { scale, shift }, &value);
    }
    let count = affine
        .axes
        .iter()
        .map(|axis| value.dimensions[*axis].size())
        .product();
    let value = builder.channels_last(name, &value, &affine.axes)?;
    let draft = builder.draft(value.layer);
    let affine = affine.repeated(count);
    if matches!(draft.layer, Layer::Conv2d(_) | Layer::Linear(_)) && !draft.shared {
        fold(builder, value.layer, affine)?;
        return Ok(value);
    }
    let value = match draft.shape.as_map() {
        Some(_) => value,
        None => builder.arrange(name, &value, Groups::maps(&[], &[], &affine.axes))?,
    };
    let mut convolution = Conv2d::new(count, 1).groups(count);
    convolution.bias = affine.shift.is_some();
    let ones = Values::Repeated(1.0);
    let values = affine
        .scale
        .map_or(ones, |scale| Values::Memory(scale.into()));
    let weight = Tensor::new("", Shape(vec![count, 1, 1, 1]), values);
    let bias = affine.shift.map(vector);
    let layer = builder.add_with(name, convolution.into(), &[value.layer], Some(weight), bias)?;
    Ok(Activation { layer, ..value })
}

/// Takes a scale and shift of each channel into a convolution or linear layer.
fn fold(builder: &mut Builder, layer: usize, affine: Affine) -> Result<()> {
    let Affine { scale, shift, .. } = affine;
    let draft = builder.draft(layer);
    let mut bias = match &draft.bias {
        Some(bias) => builder.read(bias)?,
        None => vec![0.0; shift.as_ref().map_or(0, Vec::len)],
    };
    if let Some(scale) = &scale {
        bias.iter_mut()
            .zip(scale)
            .for_each(|(bias, scale)| *bias *= scale);
    }
    if let Some(shift) = &shift {
        bias.iter_mut()
            .zip(shift)
            .for_each(|(bias, shift)| *bias += shift);
    }
    let draft = builder.draft_mut(layer);
    if let Some(scale) = scale {
        let weight = draft.weight.as_mut().expect("the layer has one");
        match weight.scale.is_empty() {
            true => weight.scale = scale,
            false => {
                let both = weight.scale.iter_mut().zip(scale);
                both.for_each(|(old, new)| *old *= new);
            }
        }
    }
    if !bias.is_empty() {
        draft.bias = Some(vector(bias));
        match &mut draft.layer {
            Layer::Conv2d(convolution) => convolution.bias = true,
            Layer::Linear(linear) => linear.bias = true,
            _ => unreachable!("only these fold"),
        }
    }
    Ok(())
}

/// The value broadcast with a constant, and the dimensions along which the
/// constant's numbers run. Before opset 7 an `axis` said where its first lies.
pub fn aligned(
    node: &Node,
    value: &Activation,
    constant: &[usize],
) -> Result<(Activation, Vec<usize>)> {
    let rank = value.dimensions.len();
    let outer = constant.iter().take_while(|size| **size == 1).count();
    let trailing = constant.len().saturating_sub(rank).min(outer);
    let constant = &constant[trailing..];
    let unsupported = || {
        let sizes = value.sizes();
        node.unsupported(format_args!("a constant of {constant:?} for {sizes:?}"))
    };
    let first = match node
        .attribute("axis")
        .filter(|_| node.int("broadcast", 0) != 0)
    {
        Some(axis) if axis.i >= 0 => axis.i as usize,
        Some(axis) => rank.saturating_add_signed(axis.i as isize),
        None => rank.checked_sub(constant.len()).ok_or_else(unsupported)?,
    };
    let last = first
        .checked_add(constant.len())
        .filter(|last| *last <= rank);
    last.ok_or_else(unsupported)?;
    let mut sizes = vec![1; rank];
    sizes[first..first + constant.len()].copy_from_slice(constant);
    let dimensions: Vec<Dimension> = sizes
        .iter()
        .zip(&value.dimensions)
        .map(|(size, own)| match own.batch && *size == 1 {
            true => Dimension::batch(),
            false => Dimension::axis(*size, 1),
        })
        .collect();
    let value = value.broadcast(&dimensions).ok_or_else(unsupported)?;
    let axes = (0..rank).filter(|axis| sizes[*axis] != 1).collect();
    Ok((value, axes))
}

/// The sum or product of two values.
pub fn binary(
    builder: &mut Builder,
    node: &Node,
    layer: Layer,
    a: &Activation,
    b: &Activation,
) -> Result<Activation> {
    let unsupported = || {
        let (a, b) = (a.sizes(), b.sizes());
        node.unsupported(format_args!("inputs of {a:?} and {b:?}"))
    };
    let name = node.name();
    let a = builder.settle(name, a)?;
    let b = builder.settle(name, b)?;
    let rank = a.dimensions.len().max(b.dimensions.len());
    let widened = |value: &Activation| {
        let missing = vec![Dimension::default(); rank - value.dimensions.len()];
        Activation {
            dimensions: [missing, value.dimensions.clone()].concat(),
            ..value.clone()
        }
    };
    broadcast(&a.sizes(), &b.sizes()).ok_or_else(unsupported)?;
    let (wide_a, wide_b) = (widened(&a), widened(&b));
    let a = wide_a
        .broadcast(&wide_b.dimensions)
        .ok_or_else(unsupported)?;
    let b = wide_b
        .broadcast(&wide_a.dimensions)
        .ok_or_else(unsupported)?;
    if layer == Multiply.into()
        && let Some(found) = patterns::product(builder, name, &a, &b)?
    {
        return Ok(found);
    }
    let shape = |value: &Activation| builder.draft(value.layer).shape.clone();
    let elements = shape(&a).elements();
    let alike = a.dimensions == b.dimensions && shape(&a) == shape(&b);
    let (a, b) = match alike && a.is_whole(elements) && b.is_whole(elements) {
        true => (a, b),
        false => (builder.natural(name, &a)?, builder.natural(name, &b)?),
    };
    let layer = builder.add(name, layer, &[a.layer, b.layer])?;
    Ok(Activation { layer, ..a })
}

/// The sum of two values.
pub fn sum(
    builder: &mut Builder,
    node: &Node,
    a: &Activation,
    b: &Activation,
) -> Result<Activation> {
    binary(builder, node, Add.into(), a, b)
}

/// The product of two values.
pub fn product(
    builder: &mut Builder,
    node: &Node,
    a: &Activation,
    b: &Activation,
) -> Result<Activation> {
    binary(builder, node, Multiply.into(), a, b)
}

/// What is made of the elements along some dimensions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reduction {
    Mean,
    Sum,
    Max,
}

/// The mean, sum or maximum along some dimensions, which are left out unless `keep`.
pub fn reduce(
    builder: &mut Builder,
    node: &Node,
    value: &Activation,
    axes: &[usize],
    keep: bool,
    kind: Reduction,
) -> Result<Activation> {
    if axes.iter().any(|axis| value.dimensions[*axis].batch) {
        return Err(node.unsupported("the batch among its axes"));
    }
    let name = node.name();
    let own = value.own().into_iter();
    let rest: Vec<usize> = own.filter(|axis| !axes.contains(axis)).collect();
    let mut axes = axes.to_vec();
    axes.sort_unstable();
    let count: usize = axes
        .iter()
        .map(|axis| value.dimensions[*axis].size())
        .product();
    let groups = match &axes[..] {
        [_, _] => Groups::maps(&axes[..1], &axes[1..], &rest),
        axes => Groups::maps(axes, &[], &rest),
    };
    let arranged = builder.arrange(name, value, groups)?;
    let pool: Layer = match kind {
        Reduction::Mean | Reduction::Sum => AvgPool2d::global().into(),
        Reduction::Max => {
            let shape = builder.draft(arranged.layer).shape.as_map();
            let (height, width, _) = shape.expect("maps were made");
            let mut window = Window::square(1);
            window.kernel = [height, width];
            MaxPool2d { window }.into()
        }
    };
    let layer = builder.add(name, pool, &[arranged.layer])?;
    let mut sizes = arranged.sizes();
    axes.iter().for_each(|axis| sizes[*axis] = 1);
    let mut reduced = standing(layer, &arranged, &[&axes[..], &rest].concat(), &sizes);
    if !keep {
        let kept = |axis: &usize| !axes.contains(axis);
        let kept: Vec<usize> = (0..sizes.len()).filter(kept).collect();
        reduced = reduced.transposed(&kept);
    }
    match kind {
        Reduction::Sum => affine(builder, name, &reduced, Affine::scalar(count as f32, 0.0)),
        _ => Ok(reduced),
    }
}

/// `(x - mean) / sqrt(variance + epsilon)` along some dimensions, the mean, and the
/// inverse of the root.
pub fn standardised(
    builder: &mut Builder,
    node: &Node,
    value: &Activation,
    axes: &[usize],
    epsilon: f32,
) -> Result<[Activation; 3]> {
    let name = node.name();
    let mean = reduce(builder, node, value, axes, true, Reduction::Mean)?;
    let negative = affine(builder, name, &mean, Affine::scalar(-1.0, 0.0))?;
    let centred = sum(builder, node, value, &negative)?;
    let square = product(builder, node, &centred, &centred)?;
    let variance = reduce(builder, node, &square, axes, true, Reduction::Mean)?;
    let variance = affine(builder, name, &variance, Affine::scalar(1.0, epsilon))?;
    let inverse = builder.pointwise(name, Function::Power { exponent: -0.5 }, &variance)?;
    builder.draft_mut(inverse.layer).shared = true;
    Ok([product(builder, node, &centred, &inverse)?, mean, inverse])
}

/// A vector of these numbers.
pub fn vector(values: Vec<f32>) -> Tensor {
    let shape = Shape::vector(values.len());
    Tensor::new("", shape, Values::Memory(values.into()))
}
