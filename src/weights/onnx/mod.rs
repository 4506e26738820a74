//! ONNX: a graph of operators and its weights in one protobuf message. The graph
//! becomes a [`Network`], whose parameters the catalogue then holds under their
//! names in it; the values stay in the file.
//!
//! ONNX's shapes begin with the batch and are channels first; a network's are
//! without the batch and channels last.

mod arrange;
mod array;
mod builder;
mod external;
mod node;
mod operators;
mod order;
mod proto;
mod value;
mod view;
mod wire;

use super::reader::Reader;
use super::tensor::{Tensor, checked_shape};
use super::{Format, Source};
use crate::error::{Error, Result};
use crate::network::{Network, NodeId};
use crate::shape::Shape;
use builder::Builder;
use external::Files;
use node::Node;
use view::{Activation, Dimension};
pub use wire::detect;

const FORMAT: &str = Format::Onnx.name();

/// The most nodes of a graph; ResNet-152 has about 500.
const MAX_NODES: usize = 1 << 12;

/// A network that a file describes.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// The network; its parameters are the tensors of the file.
    pub network: Network,
    /// Its inputs, in the order of the file.
    pub inputs: Vec<Port>,
    /// Its outputs, in the order of the file.
    pub outputs: Vec<Port>,
}

/// An input or output of a [`Graph`].
#[derive(Debug, Clone, PartialEq)]
pub struct Port {
    /// Its name in the file.
    pub name: String,
    /// The node that takes or computes it.
    pub node: NodeId,
    /// Its shape in the file, without the batch.
    pub shape: Shape,
    /// Whether a batch comes before that.
    pub batched: bool,
    /// Whether the shape is of maps whose channels come first.
    pub channels_first: bool,
}

/// Shapes of inputs, by name, that a file leaves open: batch and all.
pub type Sizes = [(String, Vec<usize>)];

/// Pictures that networks take which leave the size open: the usual ones, the most
/// usual first. A network whose classifier counts pixels takes one of them only.
const USUAL_SIZES: [usize; 8] = [224, 299, 256, 227, 384, 128, 64, 32];

/// The network and its tensors, and the source that they are read from: the file
/// with those beside it. `sizes` are those of inputs that the file leaves open.
pub fn open(
    source: Box<dyn Source>,
    sizes: &Sizes,
) -> Result<(Box<dyn Source>, Graph, Vec<Tensor>)> {
    let mut reader = Reader::new(source.as_ref(), FORMAT);
    let model: proto::Model = wire::read(&mut reader)?;
    let graph = model
        .graph
        .ok_or_else(|| reader.malformed("it has no graph"))?;
    let opset = model.opset_import.iter();
    let opset = opset.filter(|set| matches!(&set.domain[..], "" | "ai.onnx"));
    let opset = opset.map(|set| set.version).max();
    let opset = opset.ok_or_else(|| reader.malformed("it does not name its operator set"))?;
    if graph.node.len() > MAX_NODES {
        return Err(reader.malformed(format_args!("it has more than {MAX_NODES} nodes")));
    }
    let mut files = Files::new(source);
    files.open(&graph)?;
    let mut first = None;
    for usual in USUAL_SIZES {
        match build(&files, &graph, opset, sizes, usual) {
            Ok((network, tensors)) => return Ok((Box::new(files), network, tensors)),
            Err(error) => first = first.or(Some(error)),
        }
        if !graph.input.iter().any(is_open) {
            break;
        }
    }
    Err(first.expect("a size was tried"))
}

/// Whether height and width, or another size behind the batch, are left open.
fn is_open(input: &proto::ValueInfo) -> bool {
    let tensor = input.r#type.as_ref().and_then(|t| t.tensor_type.as_ref());
    let shape = tensor.and_then(|tensor| tensor.shape.as_ref());
    let mut behind = shape.into_iter().flat_map(|shape| shape.dim.iter().skip(1));
    behind.any(|dimension| dimension.dim_value.is_none_or(|size| size <= 0))
}

fn build(
    files: &Files,
    graph: &proto::Graph,
    opset: i64,
    sizes: &Sizes,
    usual: usize,
) -> Result<(Graph, Vec<Tensor>)> {
    let nodes = order::needed(graph)?;
    let mut builder = Builder::new(files, order::uses(graph, &nodes));
    for tensor in &graph.initializer {
        if builder.is_read(&tensor.name) {
            let value = builder.stored(&tensor.name, tensor)?;
            builder.set(&tensor.name, value);
        }
    }
    let channels_last = order::channels_last(&nodes);
    let mut inputs = Vec::new();
    for input in &graph.input {
        // Old files list their weights among the inputs too, and inputs are left
        // over that nothing reads.
        if !builder.has(&input.name) && builder.is_read(&input.name) {
            let last = channels_last.contains(&input.name[..]);
            let given = sizes
                .iter()
                .find(|(name, _)| *name == input.name || name.is_empty());
            let given = given.map(|(_, shape)| &shape[..]);
            inputs.push(add_input(
                &mut builder,
                input,
                inputs.len(),
                last,
                given,
                usual,
            )?);
        }
    }
    for (done, proto) in nodes.iter().enumerate() {
        operators::import(&mut builder, &Node::new(proto, opset))
            .map_err(|error| with_others(*error, proto, &nodes[done + 1..]))?;
    }
    let outputs: Vec<&str> = graph.output.iter().map(|output| &output.name[..]).collect();
    builder.finish(&graph.name, inputs, &outputs)
}

/// The error for an operator that is not known, with how many others are not.
fn with_others(error: Error, node: &proto::Node, rest: &[&proto::Node]) -> Box<Error> {
    let mut others: Vec<&str> = Vec::new();
    let unknown = rest.iter().filter(|other| !operators::is_known(other));
    for other in unknown.filter(|other| other.op_type != node.op_type) {
        if !others.contains(&&other.op_type[..]) {
            others.push(&other.op_type);
        }
    }
    match error {
        Error::Unsupported { format, feature } if !others.is_empty() => {
            let shown = others[..others.len().min(8)].join(", ");
            let count = others.len();
            let feature = format!("{feature}, nor are {count} other operators ({shown})");
            Error::Unsupported { format, feature }.into()
        }
        other => other.into(),
    }
}

fn add_input(
    builder: &mut Builder,
    input: &proto::ValueInfo,
    index: usize,
    channels_last: bool,
    given: Option<&[usize]>,
    usual: usize,
) -> Result<Port> {
    let unsupported =
        |what: &str| Error::unsupported(FORMAT, &format_args!("{what} (input {})", input.name));
    let tensor = input.r#type.as_ref().and_then(|t| t.tensor_type.as_ref());
    let tensor = tensor.ok_or_else(|| unsupported("an input that is no tensor"))?;
    // Of numbers: floating point of any width, or bytes.
    if !matches!(tensor.elem_type, 1..=3 | 10 | 11 | 16) {
        return Err(unsupported("an input that is not of numbers of a picture"));
    }
    let dimensions = tensor.shape.as_ref().map_or(&[][..], |shape| &shape.dim);
    let rank = dimensions.len();
    if rank == 0 {
        return Err(unsupported("an input without a batch"));
    }
    let known: Vec<Option<u64>> = dimensions
        .iter()
        .map(|dimension| {
            dimension
                .dim_value
                .filter(|size| *size > 0)
                .map(|size| size as u64)
        })
        .collect();
    // Three dimensions are maps without a channel, or one picture without a batch.
    let batched = match (rank, known[0]) {
        (3, Some(1 | 3 | 4)) => known[1].is_none() || known[1] == Some(1),
        (1, _) => false,
        _ => true,
    };
    if batched && let Some(size) = dimensions[0].dim_value {
        if builder.batch.is_some_and(|batch| batch != size) {
            return Err(unsupported("inputs of several batch sizes"));
        }
        builder.batch = Some(size);
    }
    let behind = usize::from(batched);
    let own = &known[behind..];
    let given = given
        .filter(|given| given.len() == rank)
        .map(|given| &given[behind..]);
    let channel = match (own.len(), channels_last) {
        (3, true) => Some(2),
        (3, false) => Some(0),
        _ => None,
    };
    let mut sizes = Vec::new();
    for (axis, size) in own.iter().enumerate() {
        let open = match (given, channel) {
            (Some(given), _) => Some(given[axis] as u64),
            (None, Some(channel)) if channel == axis => Some(3),
            (None, Some(_)) => Some(usual as u64),
            (None, None) => None,
        };
        let size = size.or(open);
        sizes.push(size.ok_or_else(|| unsupported("an input whose size is open"))?);
    }
    let shape = checked_shape(FORMAT, &input.name, sizes)?;
    let (place, channels_first) = match shape.0[..] {
        [features] => (Shape::vector(features), false),
        [height, width] => (Shape::map(height, width, 1), false),
        [height, width, channels] if channels_last => (Shape::map(height, width, channels), false),
        [channels, height, width] => (Shape::map(height, width, channels), true),
        _ => {
            return Err(unsupported(
                "an input that is neither maps (N, C, H, W) nor vectors (N, C)",
            ));
        }
    };
    let mut dimensions = match channels_first {
        true => Activation::of(0, &place).dimensions.split_off(1),
        false => {
            let strides = array::strides(&shape.0);
            let axes = shape.0.iter().zip(strides);
            axes.map(|(size, stride)| Dimension::axis(*size, stride))
                .collect()
        }
    };
    if batched {
        dimensions.insert(0, Dimension::batch());
    }
    builder.input(&input.name, place, dimensions)?;
    if matches!(tensor.elem_type, 2 | 3) {
        builder.set_bytes(&input.name);
    }
    Ok(Port {
        name: input.name.clone(),
        node: NodeId(index),
        shape,
        batched,
        channels_first,
    })
}
