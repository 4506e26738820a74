//! Average pooling: the mean of `x` under a window.

use serde::Deserialize;

use super::window::window_builder;
use super::{Operation, Refusal, Window, channel_quads, single_map};
use crate::error::Result;
use crate::kernels::avg_pool2d::{BackwardInput, Constants, Forward};
use crate::plan::{Gradients, PlanBuilder, Site};
use crate::shape::Shape;

/// The mean under a window.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AvgPool2d {
    /// Kernel size, stride, padding, dilation and rounding; ignored when global.
    pub window: Window,
    /// One window as large as the map, whatever that size is.
    pub global: bool,
    /// Whether padding counts in the divisor.
    pub count_include_pad: bool,
}

impl AvgPool2d {
    /// A square window that does not overlap itself; padding counts, as in PyTorch.
    pub fn new(kernel: usize) -> Self {
        let window = Window::square(kernel);
        Self {
            window,
            global: false,
            count_include_pad: true,
        }
        .stride(kernel)
    }

    /// The mean of each map.
    pub fn global() -> Self {
        Self {
            global: true,
            ..Self::new(1)
        }
    }

    /// Rounds the number of positions up, as Caffe does.
    pub fn ceil_mode(mut self) -> Self {
        self.window.ceil_mode = true;
        self
    }

    /// The window over maps of this size: the whole map when global.
    pub fn window_over(&self, height: usize, width: usize) -> Window {
        match self.global {
            true => Window {
                kernel: [height, width],
                ..Window::square(1)
            },
            false => self.window.clone(),
        }
    }
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

window_builder!(AvgPool2d);

impl Operation for AvgPool2d {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        let (height, width, channels) = single_map(inputs)?;
        let window = self.window_over(height, width);
        let [height, width] = window.output_size([height, width])?;
        Ok(Shape::map(height, width, channels))
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) {
        let constants = self.constants(site, false);
        let kernel = Forward {
            x: site.input().slice,
            x_vectors: site.input().slice,
            y: site.output.slice,
        };
        let pixels = constants.batch * constants.out_height * constants.out_width;
        let grid = channel_quads(pixels, constants.channels);
        plan.dispatch(site.node, kernel.dispatch(&constants, grid));
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
            let grid = channel_quads(pixels, constants.channels);
            plan.dispatch(site.node, kernel.dispatch(&constants, grid));
        }
        Ok(())
    }
}
