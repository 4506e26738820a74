//! How local response normalisation is computed. Training saves the sums of squares.

use super::{Gradients, Lower, PlanBuilder, Site, channel_quads};
use crate::error::Result;
use crate::kernels::local_response_norm::{BackwardInput, Constants, Forward, ForwardSaving};
use crate::layers::LocalResponseNorm;
use crate::shape::Shape;

impl LocalResponseNorm {
    fn constants(&self, site: &Site, accumulate: bool) -> Constants {
        let [height, width, channels] = site.input().map();
        Constants {
            pixels: site.batch as u32 * height * width,
            height,
            width,
            channels,
            within_map: self.within_map,
            size: self.size as u32,
            alpha: self.alpha,
            beta: self.beta,
            k: self.k,
            accumulate,
        }
    }
}

impl Lower for LocalResponseNorm {
    fn saved_bytes(&self, output: &Shape) -> u64 {
        4 * output.elements() as u64
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
        let constants = self.constants(site, false);
        let invocations = channel_quads(constants.pixels, constants.channels);
        let (x, y) = (site.input().slice, site.output.slice);
        let dispatch = match site.saved {
            None => Forward { x, y }.over(&constants, invocations),
            Some(scale) => ForwardSaving { x, y, scale }.over(&constants, invocations),
        };
        plan.dispatch(site.node, dispatch);
        Ok(())
    }

    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        if let Some(dx) = gradients.inputs[0] {
            let constants = self.constants(site, dx.accumulate);
            let kernel = BackwardInput {
                x: site.input().slice,
                saved: site.saved.expect("forward saved it"),
                value: site.output.slice,
                dy: gradients.output,
                dx: dx.slice,
            };
            let invocations = channel_quads(constants.pixels, constants.channels);
            plan.dispatch(site.node, kernel.over(&constants, invocations));
        }
        Ok(())
    }
}
