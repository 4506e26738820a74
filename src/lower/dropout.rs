//! How dropout is computed. Backward derives the same mask from seed and step.

use super::{Gradients, Lower, Mode, PlanBuilder, Site};
use crate::error::Result;
use crate::kernels::dropout::{BackwardInput, Constants, Forward};
use crate::layers::Dropout;
use crate::shape::Shape;

impl Dropout {
    fn constants(&self, site: &Site, accumulate: bool) -> Constants {
        Constants {
            elements: site.output_elements(),
            sample: site.output.shape.elements() as u32,
            probability: self.probability,
            node: site.node.0 as u32,
            accumulate,
        }
    }
}

impl Lower for Dropout {
    fn is_identity(&self, _: &[&Shape], mode: Mode) -> bool {
        mode == Mode::Inference
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
        let constants = self.constants(site, false);
        let kernel = Forward {
            x: site.input().slice,
            y: site.output.slice,
            run: plan.run_settings(),
        };
        plan.dispatch(site.node, kernel.over(&constants, constants.elements));
        Ok(())
    }

    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        if let Some(dx) = gradients.inputs[0] {
            let constants = self.constants(site, dx.accumulate);
            let kernel = BackwardInput {
                run: plan.run_settings(),
                dy: gradients.output,
                dx: dx.slice,
            };
            plan.dispatch(site.node, kernel.over(&constants, constants.elements));
        }
        Ok(())
    }
}
