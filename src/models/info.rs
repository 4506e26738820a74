//! A network told to people: what the page's tables and `inspect` show.

use serde::Serialize;

use super::{Accuracy, Model, WeightSource};
use crate::layers::Layer;
use crate::network::{Network, NodeId};
use crate::shape::Shape;

/// A network, whether registered or read from a file.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelInfo {
    /// Registered name, or the name that the file gives its graph.
    pub name: String,
    /// The name for people.
    pub title: String,
    /// Year of the paper.
    pub year: Option<u16>,
    /// Licence of the weights.
    pub licence: Option<&'static str>,
    /// Where the network is described.
    pub source: Option<&'static str>,
    /// Published accuracy.
    pub accuracy: Option<Accuracy>,
    /// Number of trainable numbers.
    pub parameters: usize,
    /// Multiply-adds for one picture.
    pub multiply_adds: u64,
    /// Size of the picture that goes in; `None` when something else does.
    pub input: Option<InputSize>,
    /// Whether its outputs are the 1,000 classes of ImageNet.
    pub labelled: bool,
    /// Names of the classes that a network trained here was taught.
    pub classes: Option<Vec<String>>,
    /// Files that hold trained weights.
    pub weights: &'static [WeightSource],
    /// The layers in the order of computation.
    pub layers: Vec<LayerInfo>,
    /// The file that the weights in use came from.
    pub loaded: Option<Loaded>,
}

/// Size of a picture in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct InputSize {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
}

/// A file that was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// SHA-256 of its bytes, in hexadecimal.
    pub hash: String,
    /// Its format.
    pub format: &'static str,
    /// Its length.
    pub bytes: u64,
}

/// One layer.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerInfo {
    /// Name of the node.
    pub name: String,
    /// Kind of layer.
    pub kind: &'static str,
    /// Names of the nodes that it reads.
    pub inputs: Vec<String>,
    /// Shape of its output.
    pub shape: Shape,
    /// Number of its trainable numbers.
    pub parameters: usize,
    /// Multiply-adds for one picture.
    pub multiply_adds: u64,
    /// Number of towers, of a convolution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<usize>,
    /// Height and width of the window, of a convolution or a pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel: Option<[usize; 2]>,
    /// Vertical and horizontal step of the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stride: Option<[usize; 2]>,
    /// Padding on top, left, bottom and right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub padding: Option<[usize; 4]>,
}

impl ModelInfo {
    /// Describes a network; `model` when it is one of the registered.
    pub fn new(network: &Network, model: Option<&Model>) -> Self {
        let layers: Vec<LayerInfo> = network
            .nodes()
            .map(|(id, _)| LayerInfo::new(network, id))
            .collect();
        let input = match network.inputs()[..] {
            [id] => network[id].shape.as_map(),
            _ => None,
        };
        Self {
            name: model.map_or(network.name.clone(), |model| model.name.to_owned()),
            title: model.map_or(network.name.clone(), |model| model.title.to_owned()),
            year: model.map(|model| model.year),
            licence: model.map(|model| model.licence),
            source: model.map(|model| model.source),
            accuracy: model.and_then(|model| model.accuracy),
            parameters: network.parameter_count(),
            multiply_adds: layers.iter().map(|layer| layer.multiply_adds).sum(),
            input: input.map(|(height, width, _)| InputSize { width, height }),
            labelled: super::is_labelled(network),
            classes: None,
            weights: model.map_or(&[], |model| model.weights),
            layers,
            loaded: None,
        }
    }
}

impl Model {
    /// Describes this model.
    pub fn info(&self) -> ModelInfo {
        ModelInfo::new(&self.network(), Some(self))
    }
}

impl LayerInfo {
    fn new(network: &Network, id: NodeId) -> Self {
        let node = &network[id];
        let inputs = node.inputs.iter().map(|id| network[*id].name.clone());
        let parameters = network.parameters(id).into_iter();
        let window = node.layer.sliding_window(&network.input_shapes(id));
        Self {
            name: node.name.clone(),
            kind: node.layer.kind(),
            inputs: inputs.collect(),
            shape: node.shape.clone(),
            parameters: parameters.map(|(_, p)| p.shape.elements()).sum(),
            multiply_adds: network.multiply_adds(id),
            groups: match &node.layer {
                Layer::Conv2d(layer) => Some(layer.groups),
                _ => None,
            },
            kernel: window.as_ref().map(|window| window.kernel),
            stride: window.as_ref().map(|window| window.stride),
            padding: window.as_ref().map(|window| window.padding),
        }
    }
}
