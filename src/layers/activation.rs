//! Functions of each element: the non-linearities of the paper's section 3.1, and
//! those of networks since.

use serde::Deserialize;

use super::{Operation, Read, Refusal, Values, single};
use crate::error::Result;
use crate::shape::Shape;

/// What a neuron does with its sum.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub enum Activation {
    /// `max(0, x)`: does not saturate for positive inputs.
    Relu,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `tanh(x)`.
    Tanh,
    /// `x`, times the slope below 0.
    LeakyRelu {
        /// Below 0.
        slope: f32,
    },
    /// `x` between two bounds: ReLU6 is 0 to 6.
    Clip {
        /// The least value.
        low: f32,
        /// The largest value.
        high: f32,
    },
    /// `slope * x + offset` between 0 and 1.
    HardSigmoid {
        /// Factor of `x`.
        slope: f32,
        /// Value at 0.
        offset: f32,
    },
    /// `x` times its hard sigmoid of slope 1/6 and offset 1/2 (Howard et al. 2019).
    HardSwish,
    /// `x` times its sigmoid (Hendrycks and Gimpel 2016).
    Silu,
    /// `x * (1 + erf(x / sqrt 2)) / 2` (Hendrycks and Gimpel 2016).
    Gelu,
    /// GELU with `tanh(sqrt(2 / pi) * (x + 0.044715 x^3))` in place of the error
    /// function.
    GeluTanh,
    /// `x` above 0, `alpha * (exp(x) - 1)` below (Clevert et al. 2016).
    Elu {
        /// Its limit below, negative.
        alpha: f32,
    },
    /// `log(1 + exp(x))`.
    Softplus,
    /// `scale * x + shift`.
    Affine {
        /// Factor of `x`.
        scale: f32,
        /// Value at 0.
        shift: f32,
    },
    /// The error function.
    Erf,
    /// `exp(x)`.
    Exp,
    /// The natural logarithm.
    Log,
    /// `|x|`.
    Abs,
    /// `x` to a power, for `x` of at least 0 unless the exponent is -1.
    Power {
        /// The power.
        exponent: f32,
    },
}

impl Activation {
    /// The activations of the paper's figure 1, which a network can be trained with.
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
            Self::LeakyRelu { .. } => "leaky_relu",
            Self::Clip { .. } => "clip",
            Self::HardSigmoid { .. } => "hard_sigmoid",
            Self::HardSwish => "hard_swish",
            Self::Silu => "silu",
            Self::Gelu | Self::GeluTanh => "gelu",
            Self::Elu { .. } => "elu",
            Self::Softplus => "softplus",
            Self::Affine { .. } => "affine",
            Self::Erf => "erf",
            Self::Exp => "exp",
            Self::Log => "log",
            Self::Abs => "abs",
            Self::Power { .. } => "power",
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
        matches!(
            self,
            Self::Sigmoid | Self::Tanh | Self::HardSigmoid { .. } | Self::Erf
        )
    }
}
