//! Addition of inputs of one shape: the end of a residual block.

use serde::Deserialize;

use super::{Operation, Refusal, elementwise};
use crate::error::Result;
use crate::kernels::add::{BackwardInput, Constants, Forward};
use crate::plan::{Gradients, PlanBuilder, Site};
use crate::shape::Shape;

/// `y = a + b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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
        let constants = Constants {
            elements,
            accumulate: false,
        };
        plan.dispatch(
            site.node,
            kernel.dispatch(&constants, elementwise(elements)),
        );
    }
    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        let elements = site.output_elements();
        for dx in gradients.inputs.iter().flatten() {
            let kernel = BackwardInput {
                dy: gradients.output,
                dx: dx.slice,
            };
            let constants = Constants {
                elements,
                accumulate: dx.accumulate,
            };
            plan.dispatch(
                site.node,
                kernel.dispatch(&constants, elementwise(elements)),
            );
        }
        Ok(())
    }
}
