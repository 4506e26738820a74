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
pub fn taps(
    window: &Window,
    [i, j]: [usize; 2],
    size: [usize; 2],
) -> impl Iterator<Item = Tap> + Clone {
    // Where a tap stands along one axis, unless on padding or beyond.
    let place = move |axis: usize, position: usize, tap: usize| {
        let padded = position * window.stride[axis] + tap * window.dilation[axis];
        let place = padded.checked_sub(window.padding[axis])?;
        (place < size[axis]).then_some(place)
    };
    (0..window.kernel[0])
        .filter_map(move |ky| Some((ky, place(0, i, ky)?)))
        .flat_map(move |(ky, row)| {
            (0..window.kernel[1]).filter_map(move |kx| {
                let column = place(1, j, kx)?;
                Some(Tap {
                    ky,
                    kx,
                    row,
                    column,
                })
            })
        })
}
