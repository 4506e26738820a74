//! The kinds of layers: what each computes, on which shapes, with which
//! parameters, and what a value reads. One file a kind, named as its shader.
//!
//! A [`Layer`] is plain data; the trait [`Operation`] holds what is known of one
//! kind. How a layer is computed stands in [`crate::lower`].

mod activation;
mod add;
mod avg_pool2d;
mod concat;
mod conv2d;
mod dropout;
mod flatten;
mod linear;
mod local_response_norm;
mod max_pool2d;
mod multiply;
mod reads;
mod rearrange;
mod softmax;
mod window;

pub use reads::{Area, Read, Values};
pub use rearrange::MAX_AXES;
pub use window::Window;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::shape::Shape;

/// The list of all kinds of layers, given to the macro of that name: the type and
/// the file that it stands in.
macro_rules! kinds {
    ($to:ident) => {
        $to! {
            Conv2d in conv2d,
            Linear in linear,
            MaxPool2d in max_pool2d,
            AvgPool2d in avg_pool2d,
            Activation in activation,
            LocalResponseNorm in local_response_norm,
            Dropout in dropout,
            Flatten in flatten,
            Concat in concat,
            Add in add,
            Multiply in multiply,
            Rearrange in rearrange,
            Softmax in softmax,
        }
    };
}

pub(crate) use kinds;

macro_rules! layer {
    ($($kind:ident in $file:ident,)*) => {
        $(pub use $file::$kind;)*

        /// One layer, as large as in the paper: the bias belongs to the convolution,
        /// the activation is a layer of its own (the planner may fuse it).
        #[derive(Debug, Clone, PartialEq, Deserialize)]
        pub enum Layer {
            /// Where data comes in.
            Input,
            $(#[doc = concat!("See [`", stringify!($kind), "`].")] $kind($kind),)*
        }

        impl Layer {
            /// What is known of this layer; `None` for an input.
            pub fn operation(&self) -> Option<&dyn Operation> {
                match self {
                    Self::Input => None,
                    $(Self::$kind(layer) => Some(layer),)*
                }
            }
        }

        $(impl From<$kind> for Layer {
            fn from(layer: $kind) -> Self {
                Self::$kind(layer)
            }
        })*
    };
}

kinds!(layer);

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

/// What is known of one kind of layer.
pub trait Operation {
    /// The kind in lower case, as its shader and its file are named.
    fn kind(&self) -> &'static str;

    /// Shape of the output for these inputs, or why there is none.
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal>;

    /// What values of the layer read of the input at an index; `None` where they
    /// read nothing of it.
    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read>;

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

    /// The window that slides over the input, of a convolution or a pool.
    fn sliding_window(&self, inputs: &[&Shape]) -> Option<Window> {
        let _ = inputs;
        None
    }

    /// Whether each number is squashed below 1, so that what is lost of it is judged
    /// against 1.
    fn squashes(&self) -> bool {
        false
    }
}

impl Layer {
    /// See [`Operation::kind`].
    pub fn kind(&self) -> &'static str {
        self.operation()
            .map_or("input", |operation| operation.kind())
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

    /// See [`Operation::reads`].
    pub fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        self.operation()?.reads(inputs, index, values)
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

    /// See [`Operation::sliding_window`].
    pub fn sliding_window(&self, inputs: &[&Shape]) -> Option<Window> {
        self.operation()?.sliding_window(inputs)
    }

    /// See [`Operation::squashes`].
    pub fn squashes(&self) -> bool {
        self.operation()
            .is_some_and(|operation| operation.squashes())
    }
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
