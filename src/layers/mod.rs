//! The kinds of layers: what each computes, on which shapes, with which
//! parameters, by which kernels. One file a kind, named as its shader.
//!
//! A [`Layer`] is plain data; the trait [`Operation`] holds the behaviour of one
//! kind, and one `match` ([`Layer::operation`]) joins the two.

mod activation;
mod add;
mod avg_pool2d;
mod concat;
mod conv2d;
mod conv2d_backward;
mod dropout;
mod flatten;
mod linear;
mod local_response_norm;
mod max_pool2d;
mod softmax;
mod window;

pub use activation::Activation;
pub use add::Add;
pub use avg_pool2d::AvgPool2d;
pub use concat::Concat;
pub use conv2d::Conv2d;
pub use dropout::Dropout;
pub use flatten::Flatten;
pub use linear::Linear;
pub use local_response_norm::LocalResponseNorm;
pub use max_pool2d::MaxPool2d;
pub use softmax::Softmax;
pub use window::Window;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::plan::{Gradients, Mode, Packing, PlanBuilder, Preset, Site};
use crate::shape::Shape;

/// One layer, as large as in the paper: the bias belongs to the convolution,
/// the activation is a layer of its own (the planner may fuse it).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub enum Layer {
    /// Where data comes in.
    Input,
    /// See [`Conv2d`].
    Conv2d(Conv2d),
    /// See [`Linear`].
    Linear(Linear),
    /// See [`MaxPool2d`].
    MaxPool2d(MaxPool2d),
    /// See [`AvgPool2d`].
    AvgPool2d(AvgPool2d),
    /// See [`Activation`].
    Activation(Activation),
    /// See [`LocalResponseNorm`].
    LocalResponseNorm(LocalResponseNorm),
    /// See [`Dropout`].
    Dropout(Dropout),
    /// See [`Flatten`].
    Flatten(Flatten),
    /// See [`Concat`].
    Concat(Concat),
    /// See [`Add`].
    Add(Add),
    /// See [`Softmax`].
    Softmax(Softmax),
}

/// A trainable tensor of a layer, in the order of the published files.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// `weight` or `bias`.
    pub role: &'static str,
    /// Shape in files: `[out, in / groups, height, width]` for a convolution,
    /// `[out, in]` for a linear layer, `[out]` for a bias.
    pub shape: Shape,
}

impl Parameter {
    /// A weight of the given shape, in file order.
    pub fn weight(shape: impl Into<Shape>) -> Self {
        let shape = shape.into();
        Self {
            role: "weight",
            shape,
        }
    }

    /// A bias for `features` outputs.
    pub fn bias(features: usize) -> Self {
        Self {
            role: "bias",
            shape: Shape::vector(features),
        }
    }
}

/// Why a layer cannot take its inputs; [`Refusal::at`] adds where.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// The inputs are wrong: what the layer expects.
    Input(String),
    /// The layer's own numbers are wrong: the reason.
    Layer(String),
}

impl Refusal {
    /// The error for a node of this name and these inputs.
    pub fn at(self, name: &str, inputs: &[&Shape]) -> Box<Error> {
        let layer = name.to_owned();
        match self {
            Self::Layer(reason) => Error::Layer { layer, reason }.into(),
            Self::Input(expected) => {
                let found: Vec<String> = inputs.iter().map(|shape| shape.to_string()).collect();
                let found = match found.is_empty() {
                    true => "nothing".to_owned(),
                    false => found.join(" and "),
                };
                Error::Input {
                    layer,
                    expected,
                    found,
                }
                .into()
            }
        }
    }
}

/// The behaviour of one kind of layer.
pub trait Operation {
    /// Shape of the output for these inputs, or why there is none.
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal>;

    /// The trainable tensors, in file order.
    fn parameters(&self, inputs: &[&Shape]) -> Vec<Parameter> {
        let _ = inputs;
        Vec::new()
    }

    /// Multiply-adds for one sample, as the paper counts them: convolutions
    /// and linear layers only.
    fn multiply_adds(&self, inputs: &[&Shape], output: &Shape) -> u64 {
        let _ = (inputs, output);
        0
    }

    /// How the weight stands on the GPU; `None` for a layer without parameters.
    fn packing(&self, inputs: &[&Shape], preset: Preset) -> Option<Packing> {
        let _ = (inputs, preset);
        None
    }

    /// Whether the output is the input, element by element in the same order,
    /// so that there is nothing to compute.
    fn is_identity(&self, inputs: &[&Shape], mode: Mode) -> bool {
        let _ = (inputs, mode);
        false
    }

    /// Bytes a sample that forward saves for backward while training, for an
    /// output of this shape: [`Site::saved`].
    fn saved_bytes(&self, output: &Shape) -> u64 {
        let _ = output;
        0
    }

    /// Adds the dispatches that compute the output from the inputs.
    fn forward(&self, site: &Site, plan: &mut PlanBuilder);

    /// Adds the dispatches that compute the gradients of inputs and parameters
    /// from the gradient of the output. Each element is computed by one
    /// invocation, which gathers: WGSL has no atomic floats.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when an intermediate buffer exceeds the largest
    /// binding.
    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()>;
}

impl Layer {
    /// The kind in lower case, as its shader and its file are named.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Conv2d(_) => "conv2d",
            Self::Linear(_) => "linear",
            Self::MaxPool2d(_) => "max_pool2d",
            Self::AvgPool2d(_) => "avg_pool2d",
            Self::Activation(activation) => activation.name(),
            Self::LocalResponseNorm(_) => "local_response_norm",
            Self::Dropout(_) => "dropout",
            Self::Flatten(_) => "flatten",
            Self::Concat(_) => "concat",
            Self::Add(_) => "add",
            Self::Softmax(_) => "softmax",
        }
    }

    /// The behaviour of this layer; `None` for an input.
    pub fn operation(&self) -> Option<&dyn Operation> {
        Some(match self {
            Self::Input => return None,
            Self::Conv2d(layer) => layer,
            Self::Linear(layer) => layer,
            Self::MaxPool2d(layer) => layer,
            Self::AvgPool2d(layer) => layer,
            Self::Activation(layer) => layer,
            Self::LocalResponseNorm(layer) => layer,
            Self::Dropout(layer) => layer,
            Self::Flatten(layer) => layer,
            Self::Concat(layer) => layer,
            Self::Add(layer) => layer,
            Self::Softmax(layer) => layer,
        })
    }

    /// See [`Operation::output_shape`].
    ///
    /// # Errors
    /// When the layer cannot take these inputs; an input takes none.
    pub fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        match self.operation() {
            Some(operation) => operation.output_shape(inputs),
            None => Err(Refusal::Layer("use Network::input for an input".to_owned())),
        }
    }

    /// See [`Operation::parameters`].
    pub fn parameters(&self, inputs: &[&Shape]) -> Vec<Parameter> {
        self.operation()
            .map_or_else(Vec::new, |operation| operation.parameters(inputs))
    }

    /// See [`Operation::multiply_adds`].
    pub fn multiply_adds(&self, inputs: &[&Shape], output: &Shape) -> u64 {
        self.operation()
            .map_or(0, |operation| operation.multiply_adds(inputs, output))
    }
}

macro_rules! layer_from {
    ($($kind:ident),*) => {
        $(impl From<$kind> for Layer {
            fn from(layer: $kind) -> Self {
                Self::$kind(layer)
            }
        })*
    };
}

layer_from!(
    Conv2d,
    Linear,
    MaxPool2d,
    AvgPool2d,
    Activation,
    LocalResponseNorm,
    Dropout,
    Flatten,
    Concat,
    Add,
    Softmax
);

/// Invocations in a workgroup of the kernels that compute one element each;
/// `WORKGROUP` in their shaders.
const ELEMENTWISE_WORKGROUP: u32 = 64;

/// The grid of a kernel that computes one element of `elements` per invocation.
fn elementwise(elements: u32) -> [u32; 3] {
    PlanBuilder::grid(elements, ELEMENTWISE_WORKGROUP)
}

/// The grid of a kernel that computes four neighbouring channels of a pixel per
/// invocation.
fn channel_quads(pixels: u32, channels: u32) -> [u32; 3] {
    elementwise(pixels * channels.div_ceil(4))
}

/// The one input of a layer that takes one.
fn single<'a>(inputs: &[&'a Shape], expected: &str) -> Result<&'a Shape, Refusal> {
    match inputs {
        [input] => Ok(input),
        _ => Err(Refusal::Input(expected.to_owned())),
    }
}

/// `(height, width, channels)` of the one input of a layer that takes maps.
fn single_map(inputs: &[&Shape]) -> Result<(usize, usize, usize), Refusal> {
    let expected = "one stack of maps (height x width x channels)";
    single(inputs, expected)?
        .as_map()
        .ok_or_else(|| Refusal::Input(expected.to_owned()))
}
