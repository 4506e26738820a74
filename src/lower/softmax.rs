//! How softmax is computed: a workgroup takes a row of channels.

use super::{Gradients, Lower, PlanBuilder, Site};
use crate::error::Result;
use crate::kernels::grid;
use crate::kernels::softmax::{BackwardInput, Constants, Forward};
use crate::layers::Softmax;

impl Softmax {
    fn constants(self, site: &Site, accumulate: bool) -> Constants {
        let [_, _, channels] = site.input().map();
        Constants {
            rows: site.output_elements() / channels,
            channels,
            logarithmic: self.logarithmic,
            accumulate,
        }
    }
}

impl Lower for Softmax {
    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
        let kernel = Forward {
            x: site.input().slice,
            y: site.output.slice,
        };
        let constants = self.constants(site, false);
        let grid = grid(constants.rows, 1);
        plan.dispatch(site.node, kernel.dispatch(&constants, grid));
        Ok(())
    }

    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        if let Some(dx) = gradients.inputs[0] {
            let constants = self.constants(site, dx.accumulate);
            let kernel = BackwardInput {
                value: site.output.slice,
                dy: gradients.output,
                dx: dx.slice,
            };
            let grid = grid(constants.rows, 1);
            plan.dispatch(site.node, kernel.dispatch(&constants, grid));
        }
        Ok(())
    }
}
