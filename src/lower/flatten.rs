//! How maps are brought into the order of a flattened vector.

use super::{Gradients, Lower, Mode, PlanBuilder, Site};
use crate::error::Result;
use crate::kernels::flatten::{BackwardInput, Constants, Forward};
use crate::layers::Flatten;
use crate::shape::Shape;

impl Lower for Flatten {
    fn is_identity(&self, inputs: &[&Shape], _: Mode) -> bool {
        let map = inputs[0].as_map_or_vector();
        matches!(map, Some((1, 1, _)) | Some((_, _, 1)))
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
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
        plan.dispatch(site.node, kernel.over(&constants, elements));
        Ok(())
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
            plan.dispatch(site.node, kernel.over(&constants, elements));
        }
        Ok(())
    }
}
