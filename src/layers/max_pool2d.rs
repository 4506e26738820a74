//! Max pooling: `y[n,i,j,c] = max x[n, i*s+ky*d-p, j*s+kx*d-p, c]`, padding never wins.

use serde::Deserialize;

use super::window::window_builder;
use super::{Operation, Read, Refusal, Values, Window, single_map};
use crate::error::Result;
use crate::shape::Shape;

/// The largest value under a window; overlapping when the stride is smaller
/// than the kernel (3 and 2 in the paper's section 3.4).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MaxPool2d {
    /// Kernel size, stride, padding, dilation and rounding.
    pub window: Window,
}

impl MaxPool2d {
    /// A square window that does not overlap itself.
    pub fn new(kernel: usize) -> Self {
        let window = Window::square(kernel);
        Self { window }.stride(kernel)
    }

    /// Rounds the number of positions up, as Caffe does.
    pub fn ceil_mode(mut self) -> Self {
        self.window.ceil_mode = true;
        self
    }
}

window_builder!(MaxPool2d);

impl Operation for MaxPool2d {
    fn kind(&self) -> &'static str {
        "max_pool2d"
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        let (height, width, channels) = single_map(inputs)?;
        let [height, width] = self.window.output_size([height, width])?;
        Ok(Shape::map(height, width, channels))
    }

    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        Some(values.same(inputs[index]).under(&self.window))
    }

    fn sliding_window(&self, _: &[&Shape]) -> Option<Window> {
        Some(self.window.clone())
    }
}
