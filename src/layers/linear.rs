//! Fully connected layer: `y[n,o] = bias[o] + sum_i x[n,i] * weight[o,i]`.

use serde::Deserialize;

use super::{Operation, Parameter, Read, Refusal, Values, single};
use crate::error::Result;
use crate::shape::Shape;

/// Every output is connected to every input.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Linear {
    /// Number of outputs.
    pub out_features: usize,
    /// Whether a bias is added.
    pub bias: bool,
}

impl Linear {
    /// A layer of this many outputs, with bias.
    pub fn new(out_features: usize) -> Self {
        Self {
            out_features,
            bias: true,
        }
    }
}

impl Operation for Linear {
    fn kind(&self) -> &'static str {
        "linear"
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        let expected = "one vector (put a Flatten before it)";
        let input = single(inputs, expected)?;
        if self.out_features == 0 {
            return Err(Refusal::Layer("there must be at least one output".into()));
        }
        match input.0.len() {
            1 => Ok(Shape::vector(self.out_features)),
            _ => Err(Refusal::Input(expected.to_owned())),
        }
    }

    fn parameters(&self, inputs: &[&Shape]) -> Vec<Parameter> {
        let weight = [self.out_features, inputs[0].elements()];
        let bias = self.bias.then(|| Parameter::bias(self.out_features));
        [Parameter::weight(weight)]
            .into_iter()
            .chain(bias)
            .collect()
    }

    fn multiply_adds(&self, inputs: &[&Shape], output: &Shape) -> u64 {
        inputs[0].count().saturating_mul(output.count())
    }

    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        Some(values.all_channels(inputs[index]))
    }
}
