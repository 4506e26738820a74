//! ONNX: a graph of operators and its weights in one protobuf message. The graph
//! becomes a [`Network`], whose parameters the catalogue then holds under their
//! names in it; the values stay in the file.
//!
//! ONNX's shapes begin with the batch and are channels first; a network's are
//! without the batch and channels last.

mod builder;
mod node;
mod operators;
mod proto;
mod value;
mod wire;

use std::collections::HashMap;

use super::reader::Reader;
use super::tensor::{Tensor, checked_shape};
use super::{Format, Source};
use crate::error::{Error, Result};
use crate::network::{Network, NodeId};
use crate::shape::Shape;
use builder::{Builder, network_order};
use node::Node;
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
    /// Its shape in the file, without the batch: channels first.
    pub shape: Shape,
}

/// The network and its tensors.
pub fn open(source: &dyn Source) -> Result<(Graph, Vec<Tensor>)> {
    let mut reader = Reader::new(source, FORMAT);
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
    let outputs: Vec<&str> = graph.output.iter().map(|output| &output.name[..]).collect();
    let mut builder = Builder::new(source, uses(&graph));
    for tensor in &graph.initializer {
        let value = builder.stored(&tensor.name, tensor)?;
        builder.set(&tensor.name, value);
    }
    for input in &graph.input {
        // Old files list their weights among the inputs too.
        if !builder.has(&input.name) {
            add_input(&mut builder, input)?;
        }
    }
    for proto in &graph.node {
        operators::import(&mut builder, &Node::new(proto, opset))?;
    }
    builder.finish(&graph.name, &outputs)
}

/// How often each name is read, by nodes and as an output.
fn uses(graph: &proto::Graph) -> HashMap<&str, usize> {
    let read = graph.node.iter().flat_map(|node| &node.input);
    let outputs = graph.output.iter().map(|output| &output.name);
    let mut uses = HashMap::new();
    for name in read.chain(outputs) {
        *uses.entry(&name[..]).or_default() += 1;
    }
    uses
}

fn add_input(builder: &mut Builder, input: &proto::ValueInfo) -> Result<()> {
    let unsupported =
        |what: &str| Error::unsupported(FORMAT, &format_args!("{what} (input {})", input.name));
    let tensor = input.r#type.as_ref().and_then(|t| t.tensor_type.as_ref());
    let tensor = tensor.ok_or_else(|| unsupported("an input that is no tensor"))?;
    if !matches!(tensor.elem_type, 1 | 10 | 16) {
        return Err(unsupported(
            "an input that is not of floating point numbers",
        ));
    }
    let dimensions = tensor.shape.as_ref().map_or(&[][..], |shape| &shape.dim);
    let [batch, dimensions @ ..] = dimensions else {
        return Err(unsupported("an input without a batch"));
    };
    if let Some(size) = batch.dim_value {
        if builder.batch.is_some_and(|batch| batch != size) {
            return Err(unsupported("inputs of several batch sizes"));
        }
        builder.batch = Some(size);
    }
    let sizes: Option<Vec<u64>> = dimensions
        .iter()
        .map(|dimension| {
            dimension
                .dim_value
                .filter(|size| *size > 0)
                .map(|size| size as u64)
        })
        .collect();
    match sizes {
        Some(sizes) if matches!(sizes.len(), 1 | 3) => {
            let shape = checked_shape(FORMAT, &input.name, sizes)?;
            builder.input(&input.name, network_order(&shape.0))
        }
        Some(_) => Err(unsupported(
            "an input that is neither maps (N, C, H, W) nor vectors (N, C)",
        )),
        None => Err(unsupported(
            "an input whose size is open (export it with a fixed one)",
        )),
    }
}
