//! Operators that keep the shape: functions of one value, arithmetic, dropout,
//! softmax and normalisations.

use super::arithmetic::{Affine, Reduction, affine, aligned, product, reduce, standardised, sum};
use super::{Builder, Node, Value, axis_of, patterns};
use crate::error::Result;
use crate::layers::{Activation as Function, Dropout, Layer, LocalResponseNorm, Softmax};
use crate::weights::onnx::arrange::batched;
use crate::weights::onnx::value::Activation;
use crate::weights::tensor::Tensor;

/// A function of each element.
pub fn function(builder: &mut Builder, node: &Node) -> Result<Value> {
    let attributes: &[&str] = match node.operator() {
        "LeakyRelu" | "Elu" => &["alpha", "consumed_inputs"],
        "Selu" => &["alpha", "gamma", "consumed_inputs"],
        "HardSigmoid" => &["alpha", "beta", "consumed_inputs"],
        "Gelu" => &["approximate"],
        _ => &["consumed_inputs"],
    };
    node.allow(attributes)?;
    let value = builder.view(node, 0)?;
    let alpha = |default| node.float("alpha", default);
    let kind = match node.operator() {
        "Relu" => Function::Relu,
        "Sigmoid" => Function::Sigmoid,
        "Tanh" => Function::Tanh,
        "LeakyRelu" => Function::LeakyRelu { slope: alpha(0.01) },
        "Elu" => Function::Elu { alpha: alpha(1.0) },
        "Selu" => {
            let alpha = alpha(1.673_263_2);
            let gamma = Affine::scalar(node.float("gamma", 1.050_701), 0.0);
            let elu = builder.pointwise(node.name(), Function::Elu { alpha }, &value)?;
            return affine(builder, node.name(), &elu, gamma).map(Value::Activation);
        }
        "HardSigmoid" => Function::HardSigmoid {
            slope: alpha(0.2),
            offset: node.float("beta", 0.5),
        },
        "HardSwish" => Function::HardSwish,
        "Swish" => Function::Silu,
        "Gelu" if node.text("approximate", "none") == "tanh" => Function::GeluTanh,
        "Gelu" => Function::Gelu,
        "Erf" => Function::Erf,
        "Exp" => Function::Exp,
        "Log" => Function::Log,
        "Abs" => Function::Abs,
        "Softplus" => Function::Softplus,
        "Sqrt" => Function::Power { exponent: 0.5 },
        "Reciprocal" => Function::Power { exponent: -1.0 },
        "Neg" => {
            let negative = Affine::scalar(-1.0, 0.0);
            return affine(builder, node.name(), &value, negative).map(Value::Activation);
        }
        _ => unreachable!("import names these only"),
    };
    builder
        .pointwise(node.name(), kind, &value)
        .map(Value::Activation)
}

/// `x * tanh(softplus(x))`.
pub fn mish(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&[])?;
    let x = builder.view(node, 0)?;
    builder.draft_mut(x.layer).shared = true;
    let softplus = builder.pointwise(node.name(), Function::Softplus, &x)?;
    let gate = builder.pointwise(node.name(), Function::Tanh, &softplus)?;
    product(builder, node, &x, &gate).map(Value::Activation)
}

/// PRelu: a slope for each channel below 0.
pub fn prelu(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["consumed_inputs"])?;
    let x = builder.view(node, 0)?;
    let slope = builder.constant(node, 1)?;
    builder.draft_mut(x.layer).shared = true;
    let slopes = builder.read(&slope)?;
    if let [slope] = slopes[..] {
        let leaky = Function::LeakyRelu { slope };
        return builder
            .pointwise(node.name(), leaky, &x)
            .map(Value::Activation);
    }
    // A list runs along the channels before opset 7, and in maps always.
    let rank = x.dimensions.len();
    let along_channels = rank == 4 || rank > 2 && node.opset < 7;
    let mut shape = slope.shape.0.clone();
    if along_channels && shape.len() == 1 {
        shape.resize(rank - 1, 1);
    }
    let (x, axes) = aligned(node, &x, &shape)?;
    let above = builder.pointwise(node.name(), Function::Relu, &x)?;
    let negative = Function::Clip {
        low: f32::MIN,
        high: 0.0,
    };
    let below = builder.pointwise(node.name(), negative, &x)?;
    let scaled = Affine {
        axes,
        scale: Some(slopes),
        shift: None,
    };
    let below = affine(builder, node.name(), &below, scaled)?;
    sum(builder, node, &above, &below).map(Value::Activation)
}

/// Clip between constants: attributes before opset 11, inputs since.
pub fn clip(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["consumed_inputs", "max", "min"])?;
    let value = builder.view(node, 0)?;
    let mut bound = |index: usize, name: &str, default: f32| -> Result<f32> {
        match node.optional(index) {
            Some(_) => {
                let tensor = builder.constant(node, index)?;
                Ok(builder.read(&tensor)?.first().copied().unwrap_or(default))
            }
            None => Ok(node.float(name, default)),
        }
    };
    let low = bound(1, "min", f32::MIN)?;
    let high = bound(2, "max", f32::MAX)?;
    clipped(builder, node, &value, low, high)
}

/// The value between two bounds.
pub fn clipped(
    builder: &mut Builder,
    node: &Node,
    value: &Activation,
    low: f32,
    high: f32,
) -> Result<Value> {
    let (low, high) = (
        low.clamp(f32::MIN, f32::MAX),
        high.clamp(f32::MIN, f32::MAX),
    );
    let kind = match (low, high) {
        (f32::MIN, f32::MAX) => return Ok(Value::Activation(value.clone())),
        (0.0, f32::MAX) => Function::Relu,
        (low, high) => Function::Clip { low, high },
    };
    builder
        .pointwise(node.name(), kind, value)
        .map(Value::Activation)
}

/// Max and Min of a value and constant numbers.
pub fn bounded(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["consumed_inputs"])?;
    let refused = || node.unsupported("anything but a value and single numbers");
    let (mut computed, mut low, mut high) = (None, f32::MIN, f32::MAX);
    for index in 0..node.inputs().len() {
        match builder.value(node, index)? {
            Value::Activation(value) if computed.is_none() => computed = Some(value),
            Value::Activation(_) => return Err(refused()),
            _ => {
                let constant = builder.constant(node, index)?;
                let [bound] = builder.read(&constant)?[..] else {
                    return Err(refused());
                };
                match node.operator() {
                    "Max" => low = low.max(bound),
                    _ => high = high.min(bound),
                }
            }
        }
    }
    clipped(builder, node, &computed.ok_or_else(refused)?, low, high)
}

/// The two inputs of an arithmetic operator.
enum Operands {
    Both(Activation, Activation),
    /// A value and a constant, and whether the constant comes first.
    Constant(Activation, Tensor, bool),
}

fn operands(builder: &mut Builder, node: &Node) -> Result<Operands> {
    match (builder.value(node, 0)?, builder.value(node, 1)?) {
        (Value::Activation(a), Value::Activation(b)) => Ok(Operands::Both(a, b)),
        (Value::Activation(a), _) => Ok(Operands::Constant(a, builder.constant(node, 1)?, false)),
        (_, Value::Activation(b)) => Ok(Operands::Constant(b, builder.constant(node, 0)?, true)),
        _ => Err(node.unsupported("two constants")),
    }
}

/// Add, Sub, Mul, Div.
pub fn arithmetic(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axis", "broadcast", "consumed_inputs"])?;
    let name = node.name();
    let value = match operands(builder, node)? {
        Operands::Constant(value, constant, first) => {
            let mut numbers = builder.read(&constant)?;
            let (mut value, axes) = aligned(node, &value, &constant.shape.0)?;
            let (mut scale, mut shift) = (None, None);
            match (node.operator(), first) {
                ("Add", _) => shift = Some(numbers),
                ("Mul", _) => scale = Some(numbers),
                ("Sub", false) => {
                    numbers.iter_mut().for_each(|number| *number = -*number);
                    shift = Some(numbers);
                }
                ("Sub", true) => {
                    scale = Some(vec![-1.0; numbers.len()]);
                    shift = Some(numbers);
                }
                ("Div", false) => {
                    numbers
                        .iter_mut()
                        .for_each(|number| *number = number.recip());
                    scale = Some(numbers);
                }
                _ => {
                    value = inverse(builder, node, &value)?;
                    scale = Some(numbers);
                }
            }
            affine(builder, name, &value, Affine { axes, scale, shift })?
        }
        Operands::Both(a, b) => match node.operator() {
            "Add" => sum(builder, node, &a, &b)?,
            "Mul" => product(builder, node, &a, &b)?,
            "Sub" => {
                let b = affine(builder, name, &b, Affine::scalar(-1.0, 0.0))?;
                sum(builder, node, &a, &b)?
            }
            _ => {
                if let Some(norm) = patterns::local_response_norm(builder, &a, &b) {
                    let x = builder.natural(name, &a)?;
                    let layer = builder.add(name, norm, &[x.layer])?;
                    return Ok(Value::Activation(Activation { layer, ..x }));
                }
                let b = inverse(builder, node, &b)?;
                product(builder, node, &a, &b)?
            }
        },
    };
    Ok(Value::Activation(value))
}

/// `1 / x`.
fn inverse(builder: &mut Builder, node: &Node, value: &Activation) -> Result<Activation> {
    let draft = builder.draft(value.layer);
    if let (Layer::Activation(Function::Power { exponent }), false) = (&draft.layer, draft.shared)
        && value.is_whole(draft.shape.elements())
    {
        let exponent = -exponent;
        builder.draft_mut(value.layer).layer = Function::Power { exponent }.into();
        return Ok(value.clone());
    }
    builder.pointwise(node.name(), Function::Power { exponent: -1.0 }, value)
}

/// Sum and Mean of any number of values.
pub fn sum_of(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["consumed_inputs"])?;
    let count = node.inputs().len();
    let (mut total, mut constants) = (None, Vec::new());
    for index in 0..count {
        match (builder.value(node, index)?, total) {
            (Value::Activation(first), None) => total = Some(first),
            (Value::Activation(next), Some(sum_so_far)) => {
                total = Some(sum(builder, node, &sum_so_far, &next)?);
            }
            (_, before) => {
                constants.push(builder.constant(node, index)?);
                total = before;
            }
        }
    }
    let mut total = total.ok_or_else(|| node.unsupported("constants alone"))?;
    for constant in constants {
        let numbers = builder.read(&constant)?;
        let (value, axes) = aligned(node, &total, &constant.shape.0)?;
        let shift = Some(numbers);
        let scale = None;
        total = affine(builder, node.name(), &value, Affine { axes, scale, shift })?;
    }
    if node.operator() == "Mean" && count > 1 {
        let share = Affine::scalar(1.0 / count as f32, 0.0);
        total = affine(builder, node.name(), &total, share)?;
    }
    Ok(Value::Activation(total))
}

/// Pow to a constant exponent.
pub fn power(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axis", "broadcast"])?;
    let value = builder.view(node, 0)?;
    let exponent = builder.constant(node, 1)?;
    let [exponent] = builder.read(&exponent)?[..] else {
        return Err(node.unsupported("more than one exponent"));
    };
    let power = match exponent {
        1.0 => value,
        2.0 => product(builder, node, &value, &value)?,
        3.0 => {
            let square = product(builder, node, &value, &value)?;
            product(builder, node, &square, &value)?
        }
        exponent => builder.pointwise(node.name(), Function::Power { exponent }, &value)?,
    };
    Ok(Value::Activation(power))
}

/// LRN, which divides alpha by the size as [`LocalResponseNorm`] does.
pub fn local_response_norm(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["alpha", "beta", "bias", "size"])?;
    let value = batched(builder.view(node, 0)?);
    let value = builder.natural(node.name(), &value)?;
    let [size] = node.checked_extents("size", &[node.int("size", 0)])?;
    let normalisation = LocalResponseNorm {
        size,
        alpha: node.float("alpha", 1e-4),
        beta: node.float("beta", 0.75),
        k: node.float("bias", 1.0),
        within_map: false,
    };
    let layer = builder.add(node.name(), normalisation, &[value.layer])?;
    Ok(Value::Activation(Activation { layer, ..value }))
}

/// Dropout. A network that is only asked does not drop anything, whatever
/// training_mode says.
pub fn dropout(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["consumed_inputs", "is_test", "ratio", "seed"])?;
    let value = builder.view(node, 0)?;
    let mut probability = node.float("ratio", 0.5);
    if let Some(Value::Constant(ratio)) = builder.optional(node, 1)? {
        probability = builder.read(&ratio)?.first().copied().unwrap_or(0.5);
    }
    let layer = Dropout { probability };
    builder
        .pointwise(node.name(), layer, &value)
        .map(Value::Activation)
}

/// Softmax and LogSoftmax along one dimension. Before opset 13 they ran over all
/// dimensions from the axis on.
pub fn softmax(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axis"])?;
    let value = builder.view(node, 0)?;
    let joint = node.opset < 13;
    let rank = value.dimensions.len();
    let axis = axis_of(node, node.int("axis", if joint { 1 } else { -1 }), rank)?;
    let own = value.own().into_iter();
    let axes: Vec<usize> = match joint {
        true => own.filter(|at| *at >= axis).collect(),
        false => own.filter(|at| *at == axis).collect(),
    };
    if axes.is_empty() {
        return Err(node.unsupported(format_args!("axis = {axis} for {:?}", value.sizes())));
    }
    let value = builder.channels_last(node.name(), &value, &axes)?;
    let logarithmic = node.operator() == "LogSoftmax";
    let layer = builder.add(node.name(), Softmax { logarithmic }, &[value.layer])?;
    Ok(Value::Activation(Activation { layer, ..value }))
}

/// BatchNormalization (Ioffe and Szegedy 2015) with the statistics of training:
/// `(x - mean) / sqrt(variance + epsilon) * scale + bias`.
pub fn batch_normalization(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&[
        "consumed_inputs",
        "epsilon",
        "is_test",
        "momentum",
        "spatial",
        "training_mode",
    ])?;
    // Before opset 14 further outputs, the new statistics, told of training.
    let trains = node.opset < 14 && node.outputs().iter().skip(1).any(|name| !name.is_empty());
    if node.int("training_mode", 0) != 0 || trains && node.int("is_test", 0) == 0 {
        return Err(node.unsupported(
            "training mode (statistics of each batch; export it in evaluation mode)",
        ));
    }
    if node.int("spatial", 1) == 0 {
        return Err(node.unsupported("spatial = 0"));
    }
    let value = builder.view(node, 0)?;
    let mut numbers = Vec::new();
    let channels = value
        .dimensions
        .get(1)
        .map_or(0, |dimension| dimension.size());
    for index in 1..5 {
        let tensor = builder.constant(node, index)?;
        numbers.push(builder.read(&tensor)?);
        if tensor.elements() != channels {
            let shape = tensor.shape;
            return Err(node.malformed(format_args!("{shape} numbers for {channels} channels")));
        }
    }
    let epsilon = f64::from(node.float("epsilon", 1e-5));
    let wide = |index: usize, channel: usize| f64::from(numbers[index][channel]);
    let factor = |channel| wide(0, channel) / (wide(3, channel) + epsilon).sqrt();
    let scale = (0..channels).map(|channel| factor(channel) as f32);
    let shift =
        (0..channels).map(|channel| (wide(1, channel) - wide(2, channel) * factor(channel)) as f32);
    let numbers = Affine {
        axes: vec![1],
        scale: Some(scale.collect()),
        shift: Some(shift.collect()),
    };
    affine(builder, node.name(), &value, numbers).map(Value::Activation)
}

/// LayerNormalization along the last dimensions, with its mean and the inverse of
/// its deviation; InstanceNormalization along height and width; GroupNormalization
/// within groups of channels.
pub fn standardise(builder: &mut Builder, node: &Node) -> Result<Vec<Value>> {
    node.allow(&[
        "axis",
        "epsilon",
        "num_groups",
        "stash_type",
        "consumed_inputs",
    ])?;
    let mut value = builder.view(node, 0)?;
    let rank = value.dimensions.len();
    let (mut axes, mut along): (Vec<usize>, Vec<usize>) = match node.operator() {
        "LayerNormalization" => {
            let axis = axis_of(node, node.int("axis", -1), rank)?;
            ((axis..rank).collect(), (axis..rank).collect())
        }
        _ => ((2..rank).collect(), vec![1]),
    };
    let sizes = value.sizes();
    let optional: Vec<Option<usize>> = (0..rank)
        .map(|axis| (!value.dimensions[axis].batch).then_some(sizes[axis]))
        .collect();
    let grouped = node.operator() == "GroupNormalization";
    if grouped {
        let groups = node.int("num_groups", 1).max(1) as usize;
        let channels = sizes.get(1).copied().unwrap_or(0);
        let mut split = optional.clone();
        split.splice(1..2, [Some(groups), Some(channels / groups)]);
        value = builder.natural(node.name(), &value)?;
        value = value
            .reshaped(&split)
            .ok_or_else(|| node.unsupported("these groups"))?;
        axes = (2..rank + 1).collect();
    }
    let epsilon = node.float("epsilon", 1e-5);
    let [mut value, mean, inverse] = standardised(builder, node, &value, &axes, epsilon)?;
    if grouped {
        value = builder.natural(node.name(), &value)?;
        value = value
            .reshaped(&optional)
            .ok_or_else(|| node.unsupported("these groups"))?;
        along = vec![1];
    }
    let mut numbers = Affine {
        axes: along,
        ..Affine::default()
    };
    let scale = builder.constant(node, 1)?;
    let count: usize = numbers
        .axes
        .iter()
        .map(|axis| value.dimensions[*axis].size())
        .product();
    if scale.elements() != count {
        return Err(node.unsupported(format_args!("a scale of {}", scale.shape)));
    }
    numbers.scale = Some(builder.read(&scale)?);
    if node.optional(2).is_some() {
        let shift = builder.constant(node, 2)?;
        numbers.shift = Some(builder.read(&shift)?);
    }
    let mut outputs = vec![affine(builder, node.name(), &value, numbers)?];
    if node.operator() == "LayerNormalization" {
        outputs.extend([mean, inverse]);
    }
    Ok(outputs.into_iter().map(Value::Activation).collect())
}

/// ReduceMean, ReduceSum, ReduceMax and the pools of whole maps.
pub fn reduction(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["axes", "keepdims", "noop_with_empty_axes"])?;
    let value = builder.view(node, 0)?;
    let rank = value.dimensions.len();
    let (axes, keep) = match node.operator().starts_with("Global") {
        true => ((2..rank).collect(), true),
        false => {
            let axes = super::shapes::axes(builder, node, 1)?;
            let axes = match axes {
                Some(axes) if !axes.is_empty() => axes
                    .into_iter()
                    .map(|axis| axis_of(node, axis, rank))
                    .collect::<Result<Vec<usize>>>()?,
                _ if node.int("noop_with_empty_axes", 0) != 0 => {
                    return Ok(Value::Activation(value));
                }
                _ => (0..rank).collect(),
            };
            (axes, node.int("keepdims", 1) != 0)
        }
    };
    let kind = match node.operator() {
        "ReduceSum" => Reduction::Sum,
        "ReduceMax" | "GlobalMaxPool" => Reduction::Max,
        _ => Reduction::Mean,
    };
    reduce(builder, node, &value, &axes, keep, kind).map(Value::Activation)
}
