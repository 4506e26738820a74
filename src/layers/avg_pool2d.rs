//! Average pooling: the mean of `x` under a window.

use serde::Deserialize;

use super::window::window_builder;
use super::{Operation, Read, Refusal, Values, Window, single_map};
use crate::error::Result;
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
}

window_builder!(AvgPool2d);

impl Operation for AvgPool2d {
    fn kind(&self) -> &'static str {
        "avg_pool2d"
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        let (height, width, channels) = single_map(inputs)?;
        let window = self.window_over(height, width);
        let [height, width] = window.output_size([height, width])?;
        Ok(Shape::map(height, width, channels))
    }

    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        let window = self.sliding_window(inputs)?;
        Some(values.same(inputs[index]).under(&window))
    }

    fn sliding_window(&self, inputs: &[&Shape]) -> Option<Window> {
        let (height, width, _) = inputs[0].as_map()?;
        Some(self.window_over(height, width))
    }
}
