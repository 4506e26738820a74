//! Dropout (section 4.2 of the paper), scaled while training so that nothing
//! is left to do at inference: `y = x * mask / (1 - p)`.

use super::{Operation, Refusal, elementwise, single};
use crate::error::Result;
use crate::kernels::dropout::{BackwardInput, Constants, Forward};
use crate::plan::{Gradients, Mode, PlanBuilder, Site};
use serde::Deserialize;

use crate::shape::Shape;

/// Switches neurons off at random while training; the identity at inference.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Dropout {
    /// Probability that a neuron is switched off.
    pub probability: f32,
}

impl Dropout {
    fn constants(&self, site: &Site, accumulate: bool) -> Constants {
        Constants {
            elements: site.output_elements(),
            probability: self.probability,
            node: site.node.0 as u32,
            accumulate,
        }
    }
}

impl Operation for Dropout {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        if !(0.0..1.0).contains(&self.probability) {
            return Err(Refusal::Layer(format!(
                "a dropout probability must be at least 0 and below 1, not {}",
                f64::from(self.probability)
            )));
        }
        single(inputs, "one input").cloned()
    }

    fn is_identity(&self, _: &[&Shape], mode: Mode) -> bool {
        mode == Mode::Inference
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) {
        let constants = self.constants(site, false);
        let kernel = Forward {
            x: site.input().slice,
            y: site.output.slice,
            run: plan.run_settings(),
        };
        let grid = elementwise(constants.elements);
        plan.dispatch(site.node, kernel.dispatch(&constants, grid));
    }
    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        if let Some(dx) = gradients.inputs[0] {
            let constants = self.constants(site, dx.accumulate);
            let kernel = BackwardInput {
                run: plan.run_settings(),
                dy: gradients.output,
                dx: dx.slice,
            };
            let grid = elementwise(constants.elements);
            plan.dispatch(site.node, kernel.dispatch(&constants, grid));
        }
        Ok(())
    }
}
