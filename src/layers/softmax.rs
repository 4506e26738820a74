//! Softmax over the channels: `y[c] = exp(x[c] - max x) / sum exp(x[c'] - max x)`.

use serde::Deserialize;

use super::{Operation, Refusal, single};
use crate::error::Result;
use crate::kernels::softmax::{BackwardInput, Constants, Forward};
use crate::plan::{Gradients, PlanBuilder, Site};
use crate::shape::Shape;

/// Turns logits into probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Softmax;

impl Softmax {
    fn constants(self, site: &Site, accumulate: bool) -> Constants {
        let [_, _, channels] = site.input().map();
        Constants {
            rows: site.output_elements() / channels,
            channels,
            accumulate,
        }
    }
}

impl Operation for Softmax {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        single(inputs, "one input").cloned()
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) {
        let kernel = Forward {
            x: site.input().slice,
            y: site.output.slice,
        };
        let constants = self.constants(site, false);
        let grid = PlanBuilder::grid(constants.rows, 1);
        plan.dispatch(site.node, kernel.dispatch(&constants, grid));
    }
    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        if let Some(dx) = gradients.inputs[0] {
            let constants = self.constants(site, dx.accumulate);
            let kernel = BackwardInput {
                value: site.output.slice,
                dy: gradients.output,
                dx: dx.slice,
            };
            let grid = PlanBuilder::grid(constants.rows, 1);
            plan.dispatch(site.node, kernel.dispatch(&constants, grid));
        }
        Ok(())
    }
}
