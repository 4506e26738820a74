//! Windows that slide along rows and columns: which positions a window sees, and which
//! windows see a position.

use std::ops::Range;

/// One axis of a window.
#[derive(Clone, Copy)]
pub struct Axis {
    /// Positions of the input.
    pub input: usize,
    /// Windows.
    pub output: usize,
    /// Taps of a window.
    pub kernel: usize,
    /// Positions from one window to the next.
    pub stride: usize,
    /// Positions of padding before the input.
    pub padding: usize,
    /// Positions from one tap to the next.
    pub dilation: usize,
}

impl Axis {
    /// The taps of a window that lie on the input, with their positions.
    pub fn taps(self, window: usize) -> impl Iterator<Item = (usize, usize)> + Clone {
        let first = window * self.stride;
        (0..self.kernel).filter_map(move |tap| {
            let position = (first + tap * self.dilation).checked_sub(self.padding)?;
            (position < self.input).then_some((tap, position))
        })
    }

    /// The windows that see a position of the input, each with the tap that does.
    pub fn windows(self, position: usize) -> impl Iterator<Item = (usize, usize)> + Clone {
        let at = position + self.padding;
        let reach = (self.kernel - 1) * self.dilation;
        let first = at.saturating_sub(reach).div_ceil(self.stride);
        let windows: Range<usize> = first..(at / self.stride + 1).min(self.output);
        windows.filter_map(move |window| {
            let distance = at - window * self.stride;
            let falls_on_a_tap = distance.is_multiple_of(self.dilation);
            falls_on_a_tap.then_some((window, distance / self.dilation))
        })
    }
}

/// The rows and the columns of a pool, from the constants of its shader.
macro_rules! axes {
    ($constants:expr) => {
        [
            $crate::window::Axis {
                input: $constants.in_height,
                output: $constants.out_height,
                kernel: $constants.kernel_height,
                stride: $constants.stride_height,
                padding: $constants.padding_top,
                dilation: $constants.dilation_height,
            },
            $crate::window::Axis {
                input: $constants.in_width,
                output: $constants.out_width,
                kernel: $constants.kernel_width,
                stride: $constants.stride_width,
                padding: $constants.padding_left,
                dilation: $constants.dilation_width,
            },
        ]
    };
}

pub(crate) use axes;
