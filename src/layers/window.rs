//! The sliding window that convolutions and pools share, and the note's formula
//! `output = (input - kernel + padding) / stride + 1`.

use serde::Deserialize;

use super::Refusal;

/// A window of `kernel` sliding by `stride` over an input padded on each side.
/// Pairs are `[vertical, horizontal]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Window {
    /// Height and width.
    pub kernel: [usize; 2],
    /// Step between two positions.
    pub stride: [usize; 2],
    /// Padding on top, left, bottom and right.
    pub padding: [usize; 4],
    /// Distance between two taps; 1 is a solid window.
    pub dilation: [usize; 2],
    /// Round the number of positions up instead of down, so that the last
    /// window may hang over the edge (never starting beyond the input and its
    /// leading padding, as in PyTorch and Caffe).
    pub ceil_mode: bool,
}

impl Window {
    /// A square window with a stride of 1 and no padding.
    pub fn square(kernel: usize) -> Self {
        Self {
            kernel: [kernel; 2],
            stride: [1; 2],
            padding: [0; 4],
            dilation: [1; 2],
            ceil_mode: false,
        }
    }

    /// Positions over an input of `[height, width]`:
    /// `(input + padding - dilation * (kernel - 1) - 1) / stride + 1`.
    ///
    /// # Errors
    /// When a kernel, stride or dilation is zero, or the window is larger than
    /// the padded input.
    pub fn output_size(&self, input: [usize; 2]) -> Result<[usize; 2], Refusal> {
        let [top, left, bottom, right] = self.padding;
        Ok([
            self.positions(0, input[0], top, bottom)?,
            self.positions(1, input[1], left, right)?,
        ])
    }

    fn positions(
        &self,
        axis: usize,
        input: usize,
        before: usize,
        after: usize,
    ) -> Result<usize, Refusal> {
        let (kernel, stride) = (self.kernel[axis], self.stride[axis]);
        let dilation = self.dilation[axis];
        if kernel == 0 || stride == 0 || dilation == 0 {
            return Err(Refusal::Layer(format!(
                "kernel {kernel}, stride {stride} and dilation {dilation} must be at least 1"
            )));
        }
        let extent = dilation * (kernel - 1) + 1;
        let Some(room) = (input + before + after).checked_sub(extent) else {
            return Err(Refusal::Input(format!(
                "at least {extent} pixels a side (padding included) for its kernel of {kernel}"
            )));
        };
        let mut positions = room / stride + 1;
        let overhangs = room % stride != 0;
        if self.ceil_mode && overhangs && positions * stride < input + before {
            positions += 1;
        }
        Ok(positions)
    }
}

/// The builder methods that every layer with a window offers.
macro_rules! window_builder {
    ($layer:ty) => {
        impl $layer {
            /// The same stride both ways.
            pub fn stride(mut self, stride: usize) -> Self {
                self.window.stride = [stride; 2];
                self
            }

            /// The same padding on all four sides.
            pub fn padding(mut self, padding: usize) -> Self {
                self.window.padding = [padding; 4];
                self
            }
        }
    };
}

pub(super) use window_builder;
