//! Where a window stands on its input.

use crate::layers::Window;

/// A place of a window's kernel, and the pixel of the input under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tap {
    /// Row of the kernel.
    pub ky: usize,
    /// Column of the kernel.
    pub kx: usize,
    /// Row of the input.
    pub row: usize,
    /// Column of the input.
    pub column: usize,
}

/// The taps of a window at its position `[i, j]` that lie on an input of
/// `[height, width]`, row by row.
pub fn taps(window: &Window, [i, j]: [usize; 2], size: [usize; 2]) -> Vec<Tap> {
    // Where a tap stands along one axis, unless on padding or beyond.
    let place = |axis: usize, position: usize, tap: usize| {
        let padded = position * window.stride[axis] + tap * window.dilation[axis];
        let place = padded.checked_sub(window.padding[axis])?;
        (place < size[axis]).then_some(place)
    };
    let mut taps = Vec::new();
    for ky in 0..window.kernel[0] {
        let Some(row) = place(0, i, ky) else { continue };
        for kx in 0..window.kernel[1] {
            if let Some(column) = place(1, j, kx) {
                taps.push(Tap {
                    ky,
                    kx,
                    row,
                    column,
                });
            }
        }
    }
    taps
}
