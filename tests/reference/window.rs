//! Every place of a window.

use alexnet_live::layers::Window;
use alexnet_live::reference::{Tap, taps};

/// Calls `visit([n, i, j], tap)` for every position `i, j` of the window and each
/// of its taps that lies on the input, row by row.
pub fn each_tap(
    window: &Window,
    [batch, height, width]: [usize; 3],
    mut visit: impl FnMut([usize; 3], Tap),
) {
    let [out_height, out_width] = window.output_size([height, width]).expect("a valid window");
    for n in 0..batch {
        for i in 0..out_height {
            for j in 0..out_width {
                for tap in taps(window, [i, j], [height, width]) {
                    visit([n, i, j], tap);
                }
            }
        }
    }
}
