//! Flattening: maps to one vector in the order of the published files,
//! channels first, so that a checkpoint's linear layers fit as they are.

use serde::Deserialize;

use super::{Operation, Refusal, elementwise, single};
use crate::error::Result;
use crate::kernels::flatten::{BackwardInput, Constants, Forward};
use crate::plan::{Gradients, Mode, PlanBuilder, Site};
use crate::shape::Shape;

/// `y[c * height * width + i * width + j] = x[i,j,c]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Flatten;

impl Operation for Flatten {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        let input = single(inputs, "one input")?;
        Ok(Shape::vector(input.elements()))
    }

    fn is_identity(&self, inputs: &[&Shape], _: Mode) -> bool {
        let map = inputs[0].as_map_or_vector();
        matches!(map, Some((1, 1, _)) | Some((_, _, 1)))
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) {
        let [height, width, channels] = site.input().map();
        let elements = site.output_elements();
        let constants = Constants {
            elements,
            positions: height * width,
            channels,
            accumulate: false,
        };
        let kernel = Forward {
            x: site.input().slice,
            y: site.output.slice,
        };
        plan.dispatch(
            site.node,
            kernel.dispatch(&constants, elementwise(elements)),
        );
    }
    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        if let Some(dx) = gradients.inputs[0] {
            let [height, width, channels] = site.input().map();
            let elements = site.output_elements();
            let constants = Constants {
                elements,
                positions: height * width,
                channels,
                accumulate: dx.accumulate,
            };
            let kernel = BackwardInput {
                dy: gradients.output,
                dx: dx.slice,
            };
            let grid = elementwise(elements);
            plan.dispatch(site.node, kernel.dispatch(&constants, grid));
        }
        Ok(())
    }
}
