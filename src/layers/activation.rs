//! The non-linearities of the paper's section 3.1, element by element.

use serde::Deserialize;

use super::{Operation, Read, Refusal, Values, single};
use crate::error::Result;
use crate::shape::Shape;

/// What a neuron does with its sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum Activation {
    /// `max(0, x)`: does not saturate for positive inputs.
    Relu,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `tanh(x)`.
    Tanh,
}

impl Activation {
    /// All activations.
    pub const ALL: [Self; 3] = [Self::Relu, Self::Tanh, Self::Sigmoid];

    /// The activation of a [`Activation::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// Name in lower case, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
        }
    }
}

impl Operation for Activation {
    fn kind(&self) -> &'static str {
        self.name()
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        single(inputs, "one input").cloned()
    }

    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        Some(values.same(inputs[index]))
    }

    fn squashes(&self) -> bool {
        match self {
            Self::Relu => false,
            Self::Sigmoid | Self::Tanh => true,
        }
    }
}
