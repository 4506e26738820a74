//! Softmax over the channels: `y[c] = exp(x[c] - max x) / sum exp(x[c'] - max x)`.

use serde::Deserialize;

use super::{Operation, Read, Refusal, Values, single};
use crate::error::Result;
use crate::shape::Shape;

/// Turns logits into probabilities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Softmax {
    /// Whether into the logarithms of probabilities.
    pub logarithmic: bool,
}

impl Operation for Softmax {
    fn kind(&self) -> &'static str {
        "softmax"
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        single(inputs, "one input").cloned()
    }

    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        Some(values.all_channels(inputs[index]))
    }
}
