//! The non-linearities of the paper's section 3.1, element by element.

use super::{Operation, Refusal, single};
use crate::shape::Shape;

/// What a neuron does with its sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Activation {
    /// `max(0, x)`: does not saturate for positive inputs.
    Relu,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `tanh(x)`.
    Tanh,
}

impl Activation {
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
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        single(inputs, "one input").cloned()
    }
}
