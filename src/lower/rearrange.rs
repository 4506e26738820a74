//! How elements are put in another order: one invocation moves one.

use super::{Gradients, Lower, Mode, PlanBuilder, Site};
use crate::error::Result;
use crate::kernels::rearrange::{BackwardInput, Constants, Forward};
use crate::layers::{MAX_AXES, Rearrange};
use crate::shape::Shape;

impl Rearrange {
    fn constants(&self, site: &Site, accumulate: bool) -> Constants {
        let number = |axis: usize, part: usize| -> u32 {
            let missing = MAX_AXES - self.axes.len();
            let default = [1, 0];
            match axis.checked_sub(missing) {
                Some(own) => self.axes[own][part] as u32,
                None => default[part],
            }
        };
        let batch = site.batch as u32;
        Constants {
            elements: site.output_elements(),
            input_elements: site.input().shape.elements() as u32 * batch,
            samples: batch,
            offset: self.offset as u32,
            size_0: number(0, 0),
            size_1: number(1, 0),
            size_2: number(2, 0),
            size_3: number(3, 0),
            size_4: number(4, 0),
            size_5: number(5, 0),
            stride_0: number(0, 1),
            stride_1: number(1, 1),
            stride_2: number(2, 1),
            stride_3: number(3, 1),
            stride_4: number(4, 1),
            stride_5: number(5, 1),
            accumulate,
        }
    }
}

impl Lower for Rearrange {
    fn is_identity(&self, inputs: &[&Shape], _: Mode) -> bool {
        let mut stride = 1;
        let in_order = self.axes.iter().rev().all(|[size, own]| {
            let fits = *own == stride || *size == 1;
            stride *= size;
            fits
        });
        in_order && self.offset == 0 && inputs[0].elements() == self.shape.elements()
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
        let constants = self.constants(site, false);
        let kernel = Forward {
            x: site.input().slice,
            y: site.output.slice,
        };
        plan.dispatch(site.node, kernel.over(&constants, constants.elements));
        Ok(())
    }

    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        if let Some(dx) = gradients.inputs[0] {
            let constants = self.constants(site, dx.accumulate);
            let kernel = BackwardInput {
                dy: gradients.output,
                dx: dx.slice,
            };
            plan.dispatch(site.node, kernel.over(&constants, constants.input_elements));
        }
        Ok(())
    }
}
