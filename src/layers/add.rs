//! Addition of inputs of one shape: the end of a residual block.

use super::{Operation, Refusal, elementwise};
use crate::gpu::kernels::add::{Constants, Forward};
use crate::plan::{PlanBuilder, Site};
use crate::shape::Shape;

/// `y = a + b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Add;

impl Operation for Add {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        match inputs {
            [a, b] if a == b => Ok((*a).clone()),
            _ => Err(Refusal::Input("two inputs of one shape".to_owned())),
        }
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) {
        let elements = site.output_elements();
        let kernel = Forward {
            a: site.inputs[0].slice,
            b: site.inputs[1].slice,
            y: site.output.slice,
        };
        plan.dispatch(
            site.node,
            kernel.dispatch(&Constants { elements }, elementwise(elements)),
        );
    }
}
