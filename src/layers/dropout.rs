//! Dropout (section 4.2 of the paper), scaled while training so that nothing
//! is left to do at inference: `y = x * mask / (1 - p)`.

use super::{Operation, Refusal, single};
use crate::plan::{Mode, PlanBuilder, Site};
use crate::shape::Shape;

/// Switches neurons off at random while training; the identity at inference.
#[derive(Debug, Clone, PartialEq)]
pub struct Dropout {
    /// Probability that a neuron is switched off.
    pub probability: f32,
}

impl Operation for Dropout {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        if !(0.0..1.0).contains(&self.probability) {
            return Err(Refusal::Layer(format!(
                "a dropout probability must be at least 0 and below 1, not {}",
                self.probability
            )));
        }
        single(inputs, "one input").cloned()
    }

    fn is_identity(&self, _: &[&Shape], mode: Mode) -> bool {
        mode == Mode::Inference
    }

    fn forward(&self, site: &Site, _: &mut PlanBuilder) {
        unreachable!("no training plan asks for {:?} yet", site.mode)
    }
}
