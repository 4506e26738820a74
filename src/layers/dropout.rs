//! Dropout (section 4.2 of the paper), scaled while training so that nothing
//! is left to do at inference: `y = x * mask / (1 - p)`.

use serde::Deserialize;

use super::{Operation, Read, Refusal, Values, single};
use crate::error::Result;
use crate::shape::Shape;

/// Switches neurons off at random while training; the identity at inference.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Dropout {
    /// Probability that a neuron is switched off.
    pub probability: f32,
}

impl Operation for Dropout {
    fn kind(&self) -> &'static str {
        "dropout"
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        if !(0.0..1.0).contains(&self.probability) {
            return Err(Refusal::Layer(format!(
                "a dropout probability must be at least 0 and below 1, not {}",
                f64::from(self.probability)
            )));
        }
        single(inputs, "one input").cloned()
    }

    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        Some(values.same(inputs[index]))
    }
}
