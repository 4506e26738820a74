//! How max pooling is computed. Training saves where each maximum stood.

use super::{Gradients, Lower, PlanBuilder, Site, channel_quads};
use crate::error::Result;
use crate::kernels::max_pool2d::{BackwardInput, Constants, Forward, ForwardSaving};
use crate::layers::MaxPool2d;
use crate::shape::Shape;

impl MaxPool2d {
    fn constants(&self, site: &Site, accumulate: bool) -> Constants {
        let [height, width, channels] = site.input().map();
        let [out_height, out_width, _] = site.output.map();
        let window = &self.window;
        Constants {
            batch: site.batch as u32,
            in_height: height,
            in_width: width,
            channels,
            out_height,
            out_width,
            kernel_height: window.kernel[0] as u32,
            kernel_width: window.kernel[1] as u32,
            stride_height: window.stride[0] as u32,
            stride_width: window.stride[1] as u32,
            padding_top: window.padding[0] as u32,
            padding_left: window.padding[1] as u32,
            dilation_height: window.dilation[0] as u32,
            dilation_width: window.dilation[1] as u32,
            accumulate,
        }
    }
}

impl Lower for MaxPool2d {
    fn saved_bytes(&self, output: &Shape) -> u64 {
        4 * output.elements() as u64
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
        let constants = self.constants(site, false);
        let pixels = constants.batch * constants.out_height * constants.out_width;
        let invocations = channel_quads(pixels, constants.channels);
        let (x, y) = (site.input().slice, site.output.slice);
        let x_vectors = x;
        let dispatch = match site.saved {
            None => Forward { x, x_vectors, y }.over(&constants, invocations),
            Some(argmax) => ForwardSaving {
                x,
                x_vectors,
                y,
                argmax,
            }
            .over(&constants, invocations),
        };
        plan.dispatch(site.node, dispatch);
        Ok(())
    }

    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        if let Some(dx) = gradients.inputs[0] {
            let constants = self.constants(site, dx.accumulate);
            let winner = site.saved.expect("forward saved it");
            let kernel = BackwardInput {
                winner,
                winner_vectors: winner,
                dy: gradients.output,
                dy_vectors: gradients.output,
                dx: dx.slice,
            };
            let pixels = constants.batch * constants.in_height * constants.in_width;
            let invocations = channel_quads(pixels, constants.channels);
            plan.dispatch(site.node, kernel.over(&constants, invocations));
        }
        Ok(())
    }
}
