//! Softmax over the channels: `y[c] = exp(x[c] - max x) / sum exp(x[c'] - max x)`.

use super::{Operation, Refusal, single};
use crate::shape::Shape;

/// Turns logits into probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Softmax;

impl Operation for Softmax {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        single(inputs, "one input").cloned()
    }
}
