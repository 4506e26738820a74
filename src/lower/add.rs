//! How the sum of two inputs is computed. Both get the gradient as it is.

use super::{Gradients, Lower, PlanBuilder, Site};
use crate::error::Result;
use crate::kernels::add::{BackwardInput, Constants, Forward};
use crate::layers::Add;

impl Lower for Add {
    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
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
        plan.dispatch(site.node, kernel.over(&constants, elements));
        Ok(())
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
            plan.dispatch(site.node, kernel.over(&constants, elements));
        }
        Ok(())
    }
}
