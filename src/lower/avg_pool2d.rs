//! How average pooling is computed: an invocation takes four channels of a pixel.

use super::{Gradients, Lower, PlanBuilder, Site, channel_quads};
use crate::error::Result;
use crate::kernels::avg_pool2d::{BackwardInput, Constants, Forward};
use crate::layers::AvgPool2d;

impl AvgPool2d {
    fn constants(&self, site: &Site, accumulate: bool) -> Constants {
        let [height, width, channels] = site.input().map();
        let [out_height, out_width, _] = site.output.map();
        let window = &self.window_over(height as usize, width as usize);
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
            padding_bottom: window.padding[2] as u32,
            padding_right: window.padding[3] as u32,
            dilation_height: window.dilation[0] as u32,
            dilation_width: window.dilation[1] as u32,
            count_include_pad: self.count_include_pad,
            accumulate,
        }
    }
}

impl Lower for AvgPool2d {
    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
        let constants = self.constants(site, false);
        let kernel = Forward {
            x: site.input().slice,
            x_vectors: site.input().slice,
            y: site.output.slice,
        };
        let pixels = constants.batch * constants.out_height * constants.out_width;
        let invocations = channel_quads(pixels, constants.channels);
        plan.dispatch(site.node, kernel.over(&constants, invocations));
        Ok(())
    }

    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        if let Some(dx) = gradients.inputs[0] {
            let constants = self.constants(site, dx.accumulate);
            let kernel = BackwardInput {
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
