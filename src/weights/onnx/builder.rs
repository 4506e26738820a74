//! The network while it grows: layers that later nodes may still fold into, and
//! what every name in the graph stands for.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::array::Array;
use super::external::Files;
use super::node::Node;
use super::proto;
use super::value::{Activation, Integer, Value};
use super::view::Dimension;
use super::{FORMAT, Graph, Port};
use crate::error::{Error, Result};
use crate::layers::Layer;
use crate::network::{Network, NodeId};
use crate::shape::Shape;
use crate::weights::Source;
use crate::weights::read::read_f32;
use crate::weights::tensor::{Tensor, checked_shape};

/// The most numbers that are computed with when a file is opened, all together,
/// beside as many as the file has bytes: a few for each channel of each layer.
const MAX_NUMBERS: usize = 1 << 21;

/// A layer that is not final yet.
pub struct Draft {
    pub name: String,
    pub layer: Layer,
    pub inputs: Vec<usize>,
    pub shape: Shape,
    pub weight: Option<Tensor>,
    pub bias: Option<Tensor>,
    /// Whether something else reads its output too, so that it must stay as it is.
    pub shared: bool,
}

pub struct Builder<'a> {
    files: &'a Files,
    drafts: Vec<Draft>,
    values: HashMap<String, Value>,
    uses: HashMap<&'a str, usize>,
    /// Names of layers, and how many were named alike.
    names: HashMap<String, usize>,
    /// Numbers read so far.
    read: Cell<usize>,
    /// Size of the batch, where the file fixes one.
    pub batch: Option<i64>,
    /// Names of tensors of signed bytes.
    signed: HashSet<String>,
    /// Names of computed values that are bytes still.
    bytes: HashSet<String>,
}

impl<'a> Builder<'a> {
    /// For a graph in which each name is read as often as `uses` says.
    pub fn new(files: &'a Files, uses: HashMap<&'a str, usize>) -> Self {
        Self {
            files,
            drafts: Vec::new(),
            values: HashMap::new(),
            uses,
            names: HashMap::new(),
            read: Cell::new(0),
            batch: None,
            signed: HashSet::new(),
            bytes: HashSet::new(),
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

    /// What a name stands for.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Whether anything reads a name.
    pub fn is_read(&self, name: &str) -> bool {
        self.uses.contains_key(name)
    }

    /// Names the outputs of a node; nothing may read those without a value.
    pub fn define(&mut self, node: &Node, values: Vec<Value>) -> Result<()> {
        if node.outputs().is_empty() {
            return Err(node.malformed("it has no output"));
        }
        let mut others = node.outputs().iter().skip(values.len());
        if let Some(read) = others.find(|name| self.is_read(name)) {
            return Err(node.unsupported(format_args!("the second output ({read})")));
        }
        for (name, value) in node.outputs().iter().zip(values) {
            self.set(name, value);
        }
        Ok(())
    }

    /// Whether a computed value is of bytes.
    pub fn is_bytes(&self, name: &str) -> bool {
        self.bytes.contains(name)
    }

    /// Says that a computed value is of bytes.
    pub fn set_bytes(&mut self, name: &str) {
        self.bytes.insert(name.to_owned());
    }

    /// Whether a tensor is of signed bytes.
    pub fn is_signed(&self, name: &str) -> bool {
        self.signed.contains(name)
    }

    /// A tensor that the file holds.
    pub fn stored(&mut self, name: &str, tensor: &proto::Tensor) -> Result<Value> {
        const SIGNED_BYTES: i32 = 3;
        if tensor.data_type == SIGNED_BYTES {
            self.signed.insert(name.to_owned());
        }
        let place = self.files.place(name, tensor)?;
        let source: &dyn Source = self.files;
        Value::of_proto(source, name, tensor, place, &|count| self.count(count))
    }

    /// What an input stands for.
    pub fn value(&mut self, node: &Node, index: usize) -> Result<Value> {
        let name = node.input(index)?;
        let value = self.values.get(name).cloned();
        let value =
            value.ok_or_else(|| node.malformed(format_args!("nothing before it makes {name}")))?;
        if let Value::Activation(activation) = &value
            && self.uses.get(name).is_some_and(|uses| *uses > 1)
        {
            self.drafts[activation.layer].shared = true;
        }
        Ok(value)
    }

    /// What an input stands for; `None` when it is left out.
    pub fn optional(&mut self, node: &Node, index: usize) -> Result<Option<Value>> {
        match node.optional(index) {
            Some(_) => self.value(node, index).map(Some),
            None => Ok(None),
        }
    }

    /// An input that must be computed by a layer, padding and all.
    pub fn view(&mut self, node: &Node, index: usize) -> Result<Activation> {
        match self.value(node, index)? {
            Value::Activation(activation) => Ok(activation),
            _ => Err(node.unsupported(format_args!("a constant as input {index}"))),
        }
    }

    /// An input that must be constant.
    pub fn constant(&mut self, node: &Node, index: usize) -> Result<Tensor> {
        match self.value(node, index)? {
            Value::Constant(tensor) => Ok(tensor),
            Value::Integers(integers) => self.floats_of(node, &integers),
            Value::Activation(_) => Err(node.unsupported(format_args!(
                "a computed input {index} (expected a constant)"
            ))),
        }
    }

    /// Integers as floating point numbers.
    pub fn floats_of(&self, node: &Node, integers: &Array<Integer>) -> Result<Tensor> {
        let values = super::value::known(node, &integers.values)?;
        let shape = integers.shape.clone();
        let values = values.into_iter().map(|value| value as f32).collect();
        match Value::floats("", Array { shape, values }) {
            Value::Constant(tensor) => Ok(tensor),
            _ => unreachable!("floats are constant"),
        }
    }

    /// An input that must be of integers.
    pub fn integers(&mut self, node: &Node, index: usize) -> Result<Vec<Integer>> {
        match self.value(node, index)? {
            Value::Integers(integers) => Ok(integers.values),
            Value::Constant(tensor) if tensor.elements() == 0 => Ok(Vec::new()),
            _ => {
                Err(node.unsupported(format_args!("a computed input {index} (expected integers)")))
            }
        }
    }

    /// The values of a small constant.
    pub fn read(&self, tensor: &Tensor) -> Result<Vec<f32>> {
        let elements = tensor.elements();
        self.count(elements)?;
        read_f32(self.files, FORMAT, tensor, 0..elements)
    }

    /// A small constant as an array.
    pub fn array(&self, tensor: &Tensor) -> Result<Array<f32>> {
        let values = self.read(tensor)?;
        Ok(Array {
            shape: tensor.shape.0.clone(),
            values,
        })
    }

    /// Counts numbers that are computed with.
    pub fn count(&self, elements: usize) -> Result<()> {
        self.read.set(self.read.get().saturating_add(elements));
        if self.read.get() as u64 > MAX_NUMBERS as u64 + self.files.len() {
            let numbers =
                format_args!("more than {MAX_NUMBERS} numbers beside the weights of layers");
            return Err(Error::unsupported(FORMAT, &numbers));
        }
        Ok(())
    }

    /// A layer added before.
    pub fn draft(&self, layer: usize) -> &Draft {
        &self.drafts[layer]
    }

    /// A layer added before, to be changed.
    pub fn draft_mut(&mut self, layer: usize) -> &mut Draft {
        &mut self.drafts[layer]
    }

    /// The layer of this kind and these inputs, if there is one without parameters.
    pub fn same(&self, layer: &Layer, inputs: &[usize]) -> Option<usize> {
        self.drafts
            .iter()
            .position(|draft| draft.inputs == inputs && draft.layer == *layer)
    }

    /// Adds an input of the network. Its name stays as it is.
    pub fn input(&mut self, name: &str, shape: Shape, dimensions: Vec<Dimension>) -> Result<()> {
        if self.names.insert(name.to_owned(), 1).is_some() {
            return Err(Error::DuplicateName {
                name: name.to_owned(),
            }
            .into());
        }
        let view = Activation {
            layer: self.drafts.len(),
            offset: 0,
            dimensions,
        };
        self.set(name, Value::Activation(view));
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

    /// The finished network: the layers that its outputs need, which are the values
    /// of these names.
    pub fn finish(
        mut self,
        name: &str,
        inputs: Vec<Port>,
        outputs: &[&str],
    ) -> Result<(Graph, Vec<Tensor>)> {
        let mut ports = Vec::new();
        for output in outputs {
            let activation = match self.values.get(*output).cloned() {
                Some(Value::Activation(activation)) => activation,
                Some(_) => {
                    let feature = format_args!("an output that no input changes ({output})");
                    return Err(Error::unsupported(FORMAT, &feature));
                }
                None => {
                    let reason = format_args!("no node computes its output {output}");
                    return Err(Error::malformed(FORMAT, &reason));
                }
            };
            ports.push(self.output(output, activation)?);
        }
        if inputs.is_empty() || ports.is_empty() {
            return Err(Error::malformed(
                FORMAT,
                &"its graph has no input or no output",
            ));
        }
        let mut needed = vec![false; self.drafts.len()];
        for port in inputs.iter().chain(&ports) {
            needed[port.node.0] = true;
        }
        for index in (0..needed.len())
            .rev()
            .filter(|index| needed[*index])
            .collect::<Vec<_>>()
        {
            mark(&self.drafts, index, &mut needed);
        }
        let mut places = vec![NodeId(0); needed.len()];
        let mut network = Network::empty(name);
        let mut tensors = Vec::new();
        let drafts = self.drafts.into_iter().enumerate();
        for (index, draft) in drafts.filter(|(index, _)| needed[*index]) {
            places[index] = match draft.layer {
                Layer::Input => network.input(&draft.name, draft.shape)?,
                layer => {
                    let inputs: Vec<NodeId> =
                        draft.inputs.iter().map(|input| places[*input]).collect();
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
        let placed = |ports: Vec<Port>| -> Vec<Port> {
            let placed = ports.into_iter().map(|port| Port {
                node: places[port.node.0],
                ..port
            });
            placed.collect()
        };
        let graph = Graph {
            inputs: placed(inputs),
            outputs: placed(ports),
            network,
        };
        let mut network = graph.network.clone();
        network.set_outputs(graph.outputs.iter().map(|port| port.node).collect());
        Ok((Graph { network, ..graph }, tensors))
    }

    /// The port of an output, its elements in order.
    fn output(&mut self, name: &str, activation: Activation) -> Result<Port> {
        let activation = self.natural(name, &activation)?;
        let own = activation.own();
        let batched = own.len() < activation.dimensions.len();
        if batched && own.contains(&0) {
            let feature = format_args!("an output whose batch is not its first dimension ({name})");
            return Err(Error::unsupported(FORMAT, &feature));
        }
        let shape = own.iter().map(|axis| activation.dimensions[*axis].size());
        Ok(Port {
            name: name.to_owned(),
            node: NodeId(activation.layer),
            shape: Shape(shape.collect()),
            batched,
            channels_first: own.len() == 3,
        })
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

/// Marks all that a layer reads, directly or not.
fn mark(drafts: &[Draft], layer: usize, needed: &mut [bool]) {
    let mut open = vec![layer];
    while let Some(layer) = open.pop() {
        for input in &drafts[layer].inputs {
            if !needed[*input] {
                needed[*input] = true;
                open.push(*input);
            }
        }
    }
}
