//! How the product of two inputs is computed.

use super::{Gradients, Lower, PlanBuilder, Site};
use crate::error::Result;
use crate::kernels::multiply::{BackwardInput, Constants, Forward};
use crate::layers::Multiply;

impl Lower for Multiply {
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
        for (index, dx) in gradients.inputs.iter().enumerate() {
            if let Some(dx) = dx {
                let kernel = BackwardInput {
                    factor: site.inputs[1 - index].slice,
                    dy: gradients.output,
                    dx: dx.slice,
                };
                let constants = Constants {
                    elements,
                    accumulate: dx.accumulate,
                };
                plan.dispatch(site.node, kernel.over(&constants, elements));
            }
        }
        Ok(())
    }
}
