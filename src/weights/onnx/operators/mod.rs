//! What each operator becomes: a layer, a change to the layer before, another view
//! of its output, or a value known beforehand. One file a group.

mod arithmetic;
mod convolution;
mod dense;
mod elementwise;
mod folding;
mod patterns;
mod pooling;
mod quantised;
mod shapes;
mod windows;

use super::builder::Builder;
use super::node::Node;
use super::proto;
use super::value::{Integer, Value};
use crate::error::Result;
use crate::weights::tensor::Tensor;

/// Operators that give bytes of bytes: they move them, or choose among them.
const OF_BYTES: &str = "Identity Transpose Reshape Flatten Squeeze Unsqueeze Slice Split Concat \
    Gather Expand DepthToSpace SpaceToDepth Resize Upsample Pad MaxPool Relu Clip Max Min If";

/// What makes real numbers of bytes, or asks for their shape only.
const FROM_BYTES: &str = "Cast CastLike DequantizeLinear Shape";

/// Adds what a node computes to the network. Bytes become real numbers before they
/// are computed with: arithmetic of whole numbers rounds and overflows otherwise.
pub fn import<'a>(builder: &mut Builder<'a>, node: &Node<'a>) -> Result<()> {
    let any_of = |list: &str| list.split(' ').any(|known| known == node.operator());
    let reads_bytes = node.inputs().iter().any(|name| builder.is_bytes(name));
    if reads_bytes && !any_of(OF_BYTES) && !any_of(FROM_BYTES) {
        return Err(node.unsupported("an input of bytes (which a Cast makes real numbers)"));
    }
    add(builder, node)?;
    if reads_bytes && any_of(OF_BYTES) {
        node.outputs()
            .iter()
            .for_each(|name| builder.set_bytes(name));
    }
    Ok(())
}

fn add<'a>(builder: &mut Builder<'a>, node: &Node<'a>) -> Result<()> {
    if node.is_standard()
        && let Some(value) = folding::fold(builder, node)?
    {
        return builder.define(node, vec![value]);
    }
    let value = match (node.domain(), node.operator()) {
        ("", operator) => match operator {
            "Conv" => convolution::conv(builder, node)?,
            "Pad" => convolution::pad(builder, node)?,
            "Gemm" => dense::gemm(builder, node)?,
            "MatMul" => dense::mat_mul(builder, node)?,
            "MaxPool" => pooling::max_pool(builder, node)?,
            "AveragePool" => pooling::average_pool(builder, node)?,
            "GlobalAveragePool" | "GlobalMaxPool" | "ReduceMean" | "ReduceSum" | "ReduceMax" => {
                elementwise::reduction(builder, node)?
            }
            "Relu" | "Sigmoid" | "Tanh" | "LeakyRelu" | "Elu" | "Selu" | "HardSigmoid"
            | "HardSwish" | "Swish" | "Gelu" | "Erf" | "Exp" | "Log" | "Abs" | "Softplus"
            | "Sqrt" | "Reciprocal" | "Neg" => elementwise::function(builder, node)?,
            "Mish" => elementwise::mish(builder, node)?,
            "PRelu" => elementwise::prelu(builder, node)?,
            "Clip" => elementwise::clip(builder, node)?,
            "Max" | "Min" => elementwise::bounded(builder, node)?,
            "Pow" => elementwise::power(builder, node)?,
            "LRN" => elementwise::local_response_norm(builder, node)?,
            "Dropout" => elementwise::dropout(builder, node)?,
            "Softmax" | "LogSoftmax" => elementwise::softmax(builder, node)?,
            "Add" | "Sub" | "Mul" | "Div" => elementwise::arithmetic(builder, node)?,
            "Sum" | "Mean" => elementwise::sum_of(builder, node)?,
            "BatchNormalization" => elementwise::batch_normalization(builder, node)?,
            "LayerNormalization" | "InstanceNormalization" | "GroupNormalization" => {
                let values = elementwise::standardise(builder, node)?;
                return builder.define(node, values);
            }
            "Flatten" => shapes::flatten(builder, node)?,
            "Reshape" => shapes::reshape(builder, node)?,
            "Squeeze" => shapes::squeeze(builder, node)?,
            "Unsqueeze" => shapes::unsqueeze(builder, node)?,
            "Transpose" => shapes::transpose(builder, node)?,
            "Slice" => shapes::slice(builder, node)?,
            "Split" => {
                let values = shapes::split(builder, node)?;
                return builder.define(node, values);
            }
            "Concat" => shapes::concat(builder, node)?,
            "Gather" => shapes::gather(builder, node)?,
            "Expand" => shapes::expand(builder, node)?,
            "Resize" | "Upsample" => shapes::resize(builder, node)?,
            "DepthToSpace" | "SpaceToDepth" => shapes::blocks(builder, node)?,
            // Numbers are 32 bits wide here, whatever they were.
            "Identity" | "Cast" | "CastLike" => builder.value(node, 0)?,
            "Shape" => shapes::shape(builder, node)?,
            "Constant" => folding::constant(builder, node)?,
            "ConstantOfShape" => folding::constant_of_shape(builder, node)?,
            "QuantizeLinear" => quantised::quantise(builder, node)?,
            "DequantizeLinear" => quantised::dequantise(builder, node)?,
            "QLinearConv" | "QLinearMatMul" => quantised::linear(builder, node)?,
            "If" => return chosen(builder, node),
            _ => return Err(unknown(node)),
        },
        // onnxruntime's own.
        ("com.microsoft", operator) => match operator {
            "QGemm" | "QLinearAdd" | "QLinearMul" => quantised::linear(builder, node)?,
            "QLinearGlobalAveragePool" => quantised::mean(builder, node)?,
            "QuantizeLinear" => quantised::quantise(builder, node)?,
            "DequantizeLinear" => match folding::fold(builder, node)? {
                Some(value) => value,
                None => quantised::dequantise(builder, node)?,
            },
            "Gelu" => elementwise::function(builder, node)?,
            _ => return Err(unknown(node)),
        },
        _ => return Err(unknown(node)),
    };
    builder.define(node, vec![value])
}

/// Whether an operator is known at all, whatever it is asked for.
pub fn is_known(node: &proto::Node) -> bool {
    const STANDARD: &str = "Conv Pad Gemm MatMul MaxPool AveragePool GlobalAveragePool \
        GlobalMaxPool ReduceMean ReduceSum ReduceMax Relu Sigmoid Tanh LeakyRelu Elu Selu HardSigmoid \
        HardSwish Swish Gelu Erf Exp Log Abs Softplus Sqrt Reciprocal Neg Mish PRelu Clip Max Min \
        Pow LRN Dropout Softmax LogSoftmax Add Sub Mul Div Sum Mean BatchNormalization \
        LayerNormalization InstanceNormalization GroupNormalization Flatten Reshape Squeeze \
        Unsqueeze Transpose Slice Split Concat Gather Expand Resize Upsample DepthToSpace \
        SpaceToDepth Identity Cast CastLike Shape Constant ConstantOfShape QuantizeLinear \
        DequantizeLinear QLinearConv QLinearMatMul If Where Range Equal Less LessOrEqual Greater \
        GreaterOrEqual And Or Not Mod Floor Ceil Round ReduceMin ReduceProd ReduceSumSquare \
        ReduceL2";
    const MICROSOFT: &str = "QGemm QLinearAdd QLinearMul QLinearGlobalAveragePool QuantizeLinear \
        DequantizeLinear Gelu";
    let known = match &node.domain[..] {
        "" | "ai.onnx" => STANDARD,
        "com.microsoft" => MICROSOFT,
        _ => return false,
    };
    known.split_whitespace().any(|known| known == node.op_type)
}

fn unknown(node: &Node) -> Box<crate::error::Error> {
    match node.domain() {
        "" => node.unsupported("the kind"),
        domain => node.unsupported(format_args!("the domain {domain}")),
    }
}

/// If: the branch that a constant condition takes.
fn chosen<'a>(builder: &mut Builder<'a>, node: &Node<'a>) -> Result<()> {
    let Value::Integers(condition) = builder.value(node, 0)? else {
        return Err(node.unsupported("a computed condition"));
    };
    let [Integer::Known(condition)] = condition.values[..] else {
        return Err(node.unsupported("a condition that the batch decides"));
    };
    let name = if condition != 0 {
        "then_branch"
    } else {
        "else_branch"
    };
    let branch = node.attribute(name).and_then(|branch| branch.g.as_deref());
    let branch = branch.ok_or_else(|| node.malformed(format_args!("it has no {name}")))?;
    for tensor in &branch.initializer {
        let value = builder.stored(&tensor.name, tensor)?;
        builder.set(&tensor.name, value);
    }
    for inner in &branch.node {
        import(builder, &Node::new(inner, node.opset))?;
    }
    let mut values = Vec::new();
    for output in &branch.output {
        let value = builder.get(&output.name).cloned();
        values.push(value.ok_or_else(|| node.malformed("a branch without its output"))?);
    }
    builder.define(node, values)
}

/// An axis counted from the front.
fn axis_of(node: &Node, axis: i64, rank: usize) -> Result<usize> {
    let counted = if axis < 0 {
        axis.saturating_add(rank as i64)
    } else {
        axis
    };
    let counted = usize::try_from(counted).ok().filter(|axis| *axis < rank);
    counted.ok_or_else(|| node.unsupported(format_args!("axis = {axis} for rank {rank}")))
}

/// The longest name that a layer takes from its weight: many may share one.
const MAX_NAME: usize = 512;

/// The name that a layer takes from its weight, which checkpoints name after the
/// layer; otherwise that of the node.
fn layer_name<'a>(node: &Node<'a>, weight: &'a Tensor) -> &'a str {
    let suffixes = [".weight", "_w_0"];
    let stem = suffixes
        .iter()
        .find_map(|suffix| weight.name.strip_suffix(suffix));
    let stem = stem.filter(|stem| (1..=MAX_NAME).contains(&stem.len()));
    stem.unwrap_or(node.name())
}
