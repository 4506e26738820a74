//! A network as data: named nodes, each a layer and the nodes that it reads.
//!
//! Nodes are added one by one, so that every node stands behind its inputs and
//! the list is its own order of computation. [`Network::add`] infers and checks
//! the shape once; nothing below it checks shapes again.

use crate::error::{Error, Result};
use crate::layers::{Layer, Parameter};
use crate::shape::Shape;

/// Index of a node in its [`Network`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub usize);

/// One step of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The checkpoint's name for the layer, such as `features.0`: its
    /// parameters are `features.0.weight` and `features.0.bias`.
    pub name: String,
    /// What is computed.
    pub layer: Layer,
    /// The nodes whose outputs it reads, in order.
    pub inputs: Vec<NodeId>,
    /// Shape of the output, without the batch.
    pub shape: Shape,
}

/// A directed acyclic graph of layers.
///
/// ```
/// use alexnet_live::layers::{Activation, Conv2d};
/// use alexnet_live::network::Network;
///
/// let mut network = Network::new("tiny", [32, 32, 3]);
/// network.then("conv1", Conv2d::new(16, 3).padding(1))?;
/// network.then("relu1", Activation::Relu)?;
/// assert_eq!(network.output_shape().to_string(), "32 x 32 x 16");
/// assert_eq!(network.parameter_count(), 3 * 3 * 3 * 16 + 16);
/// # Ok::<(), Box<alexnet_live::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// What the network is called in messages.
    pub name: String,
    nodes: Vec<Node>,
    outputs: Vec<NodeId>,
}

impl Network {
    /// A network with one input, named `input`.
    pub fn new(name: &str, input: impl Into<Shape>) -> Self {
        let mut network = Self::empty(name);
        network.nodes.push(Node {
            name: "input".to_owned(),
            layer: Layer::Input,
            inputs: Vec::new(),
            shape: input.into(),
        });
        network
    }

    /// A network without any node yet: for graphs with inputs of their own names.
    pub fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            nodes: Vec::new(),
            outputs: Vec::new(),
        }
    }

    /// Adds an input of the given shape (without the batch).
    ///
    /// # Errors
    /// [`Error::DuplicateName`].
    pub fn input(&mut self, name: &str, shape: impl Into<Shape>) -> Result<NodeId> {
        self.push(name, Layer::Input, Vec::new(), shape.into())
    }

    /// Adds a layer that reads `inputs`.
    ///
    /// # Errors
    /// [`Error::Input`] or [`Error::Layer`] when the layer cannot take these
    /// shapes, [`Error::DuplicateName`] when the name is taken.
    pub fn add(
        &mut self,
        name: &str,
        layer: impl Into<Layer>,
        inputs: &[NodeId],
    ) -> Result<NodeId> {
        let layer = layer.into();
        let shapes: Vec<&Shape> = inputs.iter().map(|id| &self[*id].shape).collect();
        let shape = layer
            .output_shape(&shapes)
            .map_err(|error| error.at(name, &shapes))?;
        self.push(name, layer, inputs.to_vec(), shape)
    }

    /// Adds a layer that reads the node added last.
    ///
    /// # Errors
    /// As [`Network::add`].
    ///
    /// # Panics
    /// When there is no node yet.
    pub fn then(&mut self, name: &str, layer: impl Into<Layer>) -> Result<NodeId> {
        self.add(name, layer, &[self.last()])
    }

    /// The node added last.
    ///
    /// # Panics
    /// When there is no node yet.
    pub fn last(&self) -> NodeId {
        NodeId(self.nodes.len().checked_sub(1).expect("an input"))
    }

    /// Names the nodes that are the network's answers; without it, the last node is.
    pub fn set_outputs(&mut self, outputs: Vec<NodeId>) {
        self.outputs = outputs;
    }

    /// The same network for pictures of so many channels and so many classes: its last
    /// layer with parameters has as many outputs.
    ///
    /// # Errors
    /// As [`Network::add`].
    pub fn adapted(&self, channels: usize, classes: usize) -> Result<Self> {
        let mut trained = self
            .nodes()
            .filter(|(id, _)| !self.parameters(*id).is_empty());
        let last = trained.next_back().map(|(id, _)| id);
        let mut adapted = Self::empty(&self.name);
        for (id, node) in self.nodes() {
            let mut layer = node.layer.clone();
            match &mut layer {
                Layer::Input => {
                    let shape = match node.shape.as_map() {
                        Some((height, width, _)) => Shape::from([height, width, channels]),
                        None => node.shape.clone(),
                    };
                    adapted.input(&node.name, shape)?;
                    continue;
                }
                Layer::Conv2d(layer) if Some(id) == last => layer.out_channels = classes,
                Layer::Linear(layer) if Some(id) == last => layer.out_features = classes,
                _ => {}
            }
            adapted.add(&node.name, layer, &node.inputs)?;
        }
        adapted.outputs.clone_from(&self.outputs);
        Ok(adapted)
    }

    /// All nodes, in the order of computation.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeId, &Node)> + DoubleEndedIterator {
        self.nodes.iter().enumerate().map(|(i, n)| (NodeId(i), n))
    }

    /// The inputs of the network.
    pub fn inputs(&self) -> Vec<NodeId> {
        self.nodes()
            .filter(|(_, node)| node.layer == Layer::Input)
            .map(|(id, _)| id)
            .collect()
    }

    /// The answers of the network, at least one.
    pub fn outputs(&self) -> Vec<NodeId> {
        if self.outputs.is_empty() {
            vec![self.last()]
        } else {
            self.outputs.clone()
        }
    }

    /// The node of a name.
    ///
    /// # Errors
    /// [`Error::Unknown`] with all names.
    pub fn find(&self, name: &str) -> Result<NodeId> {
        let position = self.nodes.iter().position(|node| node.name == name);
        position.map(NodeId).ok_or_else(|| {
            let mut known = self.nodes.iter().map(|node| &node.name[..]);
            Error::unknown("layer", &name, &mut known)
        })
    }

    /// Shape of the first output, without the batch.
    pub fn output_shape(&self) -> &Shape {
        &self[self.outputs()[0]].shape
    }

    /// Shapes that a node reads.
    pub fn input_shapes(&self, id: NodeId) -> Vec<&Shape> {
        let inputs = &self[id].inputs;
        inputs.iter().map(|id| &self[*id].shape).collect()
    }

    /// Parameters of a node, named in full (`features.0.weight`).
    pub fn parameters(&self, id: NodeId) -> Vec<(String, Parameter)> {
        let node = &self[id];
        let parameters = node.layer.parameters(&self.input_shapes(id));
        parameters
            .into_iter()
            .map(|p| (format!("{}.{}", node.name, p.role), p))
            .collect()
    }

    /// Number of trainable numbers in the whole network.
    pub fn parameter_count(&self) -> usize {
        self.nodes()
            .flat_map(|(id, _)| self.parameters(id))
            .map(|(_, parameter)| parameter.shape.elements())
            .sum()
    }

    /// Multiply-adds that one sample costs in a node.
    pub fn multiply_adds(&self, id: NodeId) -> u64 {
        let node = &self[id];
        node.layer
            .multiply_adds(&self.input_shapes(id), &node.shape)
    }

    fn push(
        &mut self,
        name: &str,
        layer: Layer,
        inputs: Vec<NodeId>,
        shape: Shape,
    ) -> Result<NodeId> {
        if self.nodes.iter().any(|node| node.name == name) {
            return Err(Error::DuplicateName {
                name: name.to_owned(),
            }
            .into());
        }
        self.nodes.push(Node {
            name: name.to_owned(),
            layer,
            inputs,
            shape,
        });
        Ok(self.last())
    }
}

impl std::ops::Index<NodeId> for Network {
    type Output = Node;

    fn index(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }
}
