//! The network while it grows: layers that later nodes may still fold into, and
//! what every name in the graph stands for.

use std::cell::Cell;
use std::collections::HashMap;

use super::FORMAT;
use super::node::Node;
use super::proto;
use super::value::{Activation, Integer, Value};
use super::{Graph, Port};
use crate::error::{Error, Result};
use crate::layers::{Conv2d, Layer};
use crate::network::{Network, NodeId};
use crate::shape::Shape;
use crate::weights::Source;
use crate::weights::read::read_f32;
use crate::weights::tensor::{Tensor, Values, checked_shape};

/// The most numbers that are computed with when a file is opened, all together:
/// a few for each channel of each layer.
const MAX_NUMBERS: usize = 1 << 21;

/// A layer that is not final yet.
pub struct Draft {
    pub name: String,
    pub layer: Layer,
    inputs: Vec<usize>,
    pub shape: Shape,
    pub weight: Option<Tensor>,
    pub bias: Option<Tensor>,
    /// Whether something else reads its output too, so that it must stay as it is.
    pub shared: bool,
}

pub struct Builder<'a> {
    source: &'a dyn Source,
    drafts: Vec<Draft>,
    values: HashMap<String, Value>,
    uses: HashMap<&'a str, usize>,
    /// Names of layers, and how many were named alike.
    names: HashMap<String, usize>,
    /// Numbers read so far.
    read: Cell<usize>,
    /// Size of the batch, where the file fixes one.
    pub batch: Option<i64>,
}

impl<'a> Builder<'a> {
    /// For a graph in which each name is read as often as `uses` says.
    pub fn new(source: &'a dyn Source, uses: HashMap<&'a str, usize>) -> Self {
        Self {
            source,
            drafts: Vec::new(),
            values: HashMap::new(),
            uses,
            names: HashMap::new(),
            read: Cell::new(0),
            batch: None,
        }
    }

    /// Names a value.
    pub fn set(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// Whether a name stands for something already.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Names the first output of a node; nothing may read its others.
    pub fn define(&mut self, node: &Node, value: Value) -> Result<()> {
        let mut others = node.outputs().iter().skip(1);
        if let Some(read) = others.find(|name| self.uses.contains_key(&name[..])) {
            return Err(node.unsupported(format_args!("the second output ({read})")));
        }
        match node.outputs().first() {
            Some(name) => self.set(name, value),
            None => return Err(node.malformed("it has no output")),
        }
        Ok(())
    }

    /// A tensor that the file holds.
    pub fn stored(&self, name: &str, tensor: &proto::Tensor) -> Result<Value> {
        Value::of_proto(self.source, name, tensor)
    }

    /// What an input stands for.
    pub fn value(&mut self, node: &Node, index: usize) -> Result<Value> {
        let name = node.input(index)?;
        let value = self.values.get(name).cloned();
        let value =
            value.ok_or_else(|| node.malformed(format_args!("nothing before it makes {name}")))?;
        if let Value::Activation(activation) = value
            && self.uses.get(name).is_some_and(|uses| *uses > 1)
        {
            self.drafts[activation.layer].shared = true;
        }
        Ok(value)
    }

    /// The layer that an input is the output of, and the padding put around it.
    pub fn padded(&mut self, node: &Node, index: usize) -> Result<Activation> {
        match self.value(node, index)? {
            Value::Activation(activation) => Ok(activation),
            _ => Err(node.unsupported(format_args!("a constant as input {index}"))),
        }
    }

    /// The layer that an input is the output of.
    pub fn activation(&mut self, node: &Node, index: usize) -> Result<usize> {
        let activation = self.padded(node, index)?;
        self.unpadded(node.name(), activation)
    }

    /// A layer with this output: padding that nothing takes over becomes a
    /// convolution that changes nothing else.
    pub fn unpadded(&mut self, name: &str, activation: Activation) -> Result<usize> {
        let Activation { layer, padding } = activation;
        if padding == [0; 4] {
            return Ok(layer);
        }
        let channels = *self.drafts[layer].shape.0.last().expect("a map");
        let mut copy = Conv2d::new(channels, 1).groups(channels);
        copy.window.padding = padding;
        copy.bias = false;
        let weight = Tensor::new("", Shape(vec![channels, 1, 1, 1]), Values::Repeated(1.0));
        self.add_with(
            &format!("{name}.pad"),
            copy.into(),
            &[layer],
            Some(weight),
            None,
        )
    }

    /// An input that must be constant.
    pub fn constant(&mut self, node: &Node, index: usize) -> Result<Tensor> {
        match self.value(node, index)? {
            Value::Constant(tensor) => Ok(tensor),
            _ => Err(node.unsupported(format_args!(
                "a computed input {index} (expected a constant)"
            ))),
        }
    }

    /// An input that must be of integers.
    pub fn integers(&mut self, node: &Node, index: usize) -> Result<Vec<Integer>> {
        match self.value(node, index)? {
            Value::Integers(integers) => Ok(integers),
            _ => {
                Err(node.unsupported(format_args!("a computed input {index} (expected integers)")))
            }
        }
    }

    /// The values of a small constant.
    pub fn read(&self, tensor: &Tensor) -> Result<Vec<f32>> {
        let elements = tensor.elements();
        self.read.set(self.read.get().saturating_add(elements));
        if self.read.get() > MAX_NUMBERS {
            let numbers =
                format_args!("more than {MAX_NUMBERS} numbers beside the weights of layers");
            return Err(Error::unsupported(FORMAT, &numbers));
        }
        read_f32(self.source, FORMAT, tensor, 0..elements)
    }

    /// A layer added before.
    pub fn draft(&self, layer: usize) -> &Draft {
        &self.drafts[layer]
    }

    /// A layer added before, to be changed.
    pub fn draft_mut(&mut self, layer: usize) -> &mut Draft {
        &mut self.drafts[layer]
    }

    /// Adds an input of the network. Its name stays as it is.
    pub fn input(&mut self, name: &str, shape: Shape) -> Result<()> {
        if self.names.insert(name.to_owned(), 1).is_some() {
            return Err(Error::DuplicateName {
                name: name.to_owned(),
            }
            .into());
        }
        self.set(name, Value::layer(self.drafts.len()));
        self.push(name.to_owned(), Layer::Input, &[], shape, None, None);
        Ok(())
    }

    /// Adds a layer under this name, or one like it.
    pub fn add(&mut self, name: &str, layer: impl Into<Layer>, inputs: &[usize]) -> Result<usize> {
        self.add_with(name, layer.into(), inputs, None, None)
    }

    /// Adds a layer with its parameters.
    pub fn add_with(
        &mut self,
        name: &str,
        layer: Layer,
        inputs: &[usize],
        weight: Option<Tensor>,
        bias: Option<Tensor>,
    ) -> Result<usize> {
        let shapes: Vec<&Shape> = inputs.iter().map(|i| &self.drafts[*i].shape).collect();
        let shape = layer
            .output_shape(&shapes)
            .map_err(|error| error.at(name, &shapes))?;
        checked_shape(FORMAT, name, shape.0.iter().map(|size| *size as u64))?;
        let needed = layer.parameters(&shapes);
        let given = [&weight, &bias].into_iter().flatten();
        for (parameter, tensor) in needed.iter().zip(given) {
            if parameter.shape != tensor.shape {
                let reason = format_args!(
                    "the {} of {name} should be {}, but is {}",
                    parameter.role, parameter.shape, tensor.shape
                );
                return Err(Error::malformed(FORMAT, &reason));
            }
        }
        let name = self.unique(name);
        Ok(self.push(name, layer, inputs, shape, weight, bias))
    }

    /// The finished network, whose outputs are the values of these names.
    pub fn finish(mut self, name: &str, outputs: &[&'a str]) -> Result<(Graph, Vec<Tensor>)> {
        let mut ports = Vec::new();
        for output in outputs {
            let Some(Value::Activation(activation)) = self.values.get(*output) else {
                let reason = format_args!("no layer computes its output {output}");
                return Err(Error::malformed(FORMAT, &reason));
            };
            let layer = self.unpadded(output, *activation)?;
            ports.push(self.port(output, layer));
        }
        let is_input = |draft: &Draft| draft.layer == Layer::Input;
        let inputs = (0..self.drafts.len()).filter(|layer| is_input(&self.drafts[*layer]));
        let inputs: Vec<Port> = inputs.map(|i| self.port(&self.drafts[i].name, i)).collect();
        if inputs.is_empty() || ports.is_empty() {
            return Err(Error::malformed(
                FORMAT,
                &"its graph has no input or no output",
            ));
        }
        let mut network = Network::empty(name);
        let mut tensors = Vec::new();
        for draft in self.drafts {
            match draft.layer {
                Layer::Input => network.input(&draft.name, draft.shape)?,
                layer => {
                    let inputs: Vec<NodeId> = draft.inputs.into_iter().map(NodeId).collect();
                    network.add(&draft.name, layer, &inputs)?
                }
            };
            for (role, tensor) in [("weight", draft.weight), ("bias", draft.bias)] {
                tensors.extend(tensor.map(|tensor| Tensor {
                    name: format!("{}.{role}", draft.name),
                    ..tensor
                }));
            }
        }
        network.set_outputs(ports.iter().map(|port| port.node).collect());
        let graph = Graph {
            network,
            inputs,
            outputs: ports,
        };
        Ok((graph, tensors))
    }

    fn port(&self, name: &str, layer: usize) -> Port {
        Port {
            name: name.to_owned(),
            node: NodeId(layer),
            shape: Shape(onnx_order(&self.drafts[layer].shape)),
        }
    }

    fn push(
        &mut self,
        name: String,
        layer: Layer,
        inputs: &[usize],
        shape: Shape,
        weight: Option<Tensor>,
        bias: Option<Tensor>,
    ) -> usize {
        self.drafts.push(Draft {
            name,
            layer,
            inputs: inputs.to_vec(),
            shape,
            weight,
            bias,
            shared: false,
        });
        self.drafts.len() - 1
    }

    /// The name, or the first of `name_2`, `name_3` and so on that is free.
    fn unique(&mut self, name: &str) -> String {
        let mut unique = name.to_owned();
        while self.names.contains_key(&unique) {
            let count = self.names.entry(name.to_owned()).or_insert(1);
            *count += 1;
            unique = format!("{name}_{count}");
        }
        self.names.insert(unique.clone(), 1);
        unique
    }
}

/// A shape in ONNX's order, without the batch: maps are channels first there.
pub fn onnx_order(shape: &Shape) -> Vec<usize> {
    match shape.as_map() {
        Some((height, width, channels)) => vec![channels, height, width],
        None => shape.0.clone(),
    }
}

/// The shape here of one in ONNX's order, without the batch.
pub fn network_order(dimensions: &[usize]) -> Shape {
    match dimensions {
        [channels, height, width] => Shape::map(*height, *width, *channels),
        other => Shape(other.to_vec()),
    }
}
