//! Where a window stands on its input.

use alexnet_live::layers::Window;

/// Calls `visit([n, i, j, ky, kx], [row, column])` for every position `i, j` of
/// the window and each of its taps that lies on the input, row by row.
pub fn each_tap(
    window: &Window,
    [batch, height, width]: [usize; 3],
    mut visit: impl FnMut([usize; 5], [usize; 2]),
) {
    let [out_height, out_width] = window.output_size([height, width]).expect("a valid window");
    for n in 0..batch {
        for i in 0..out_height {
            for j in 0..out_width {
                for ky in 0..window.kernel[0] {
                    for kx in 0..window.kernel[1] {
                        let row = i * window.stride[0] + ky * window.dilation[0];
                        let column = j * window.stride[1] + kx * window.dilation[1];
                        // Still counted from the padding's first row and column.
                        let (top, left) = (window.padding[0], window.padding[1]);
                        if (top..top + height).contains(&row)
                            && (left..left + width).contains(&column)
                        {
                            visit([n, i, j, ky, kx], [row - top, column - left]);
                        }
                    }
                }
            }
        }
    }
}

/// Shape of what a window leaves of `[batch, height, width]` and this many channels.
pub fn output_shape(
    window: &Window,
    [batch, height, width]: [usize; 3],
    channels: usize,
) -> [usize; 4] {
    let [height, width] = window.output_size([height, width]).expect("a valid window");
    [batch, height, width, channels]
}
