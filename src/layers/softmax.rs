//! Softmax over the channels: `y[c] = exp(x[c] - max x) / sum exp(x[c'] - max x)`.

use super::{Operation, Refusal, single};
use crate::gpu::kernels::softmax::{Constants, Forward};
use crate::plan::{PlanBuilder, Site};
use crate::shape::Shape;

/// Turns logits into probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Softmax;

impl Operation for Softmax {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        single(inputs, "one input").cloned()
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) {
        let [_, _, channels] = site.input().map();
        let rows = site.output_elements() / channels;
        let kernel = Forward {
            x: site.input().slice,
            y: site.output.slice,
        };
        let constants = Constants { rows, channels };
        let grid = PlanBuilder::grid(rows, 1);
        plan.dispatch(site.node, kernel.dispatch(&constants, grid));
    }
}
