//! The attributes that convolutions and pools share: their window.

use super::Node;
use crate::error::Result;
use crate::layers::Window;

/// The attributes that [`window`] reads.
pub const ATTRIBUTES: [&str; 5] = ["auto_pad", "dilations", "kernel_shape", "pads", "strides"];

/// The window of a node with this kernel over maps of `size`, which `padding`
/// already surrounds.
pub fn window(
    node: &Node,
    kernel: [usize; 2],
    size: [usize; 2],
    padding: [usize; 4],
) -> Result<Window> {
    let mut window = Window {
        stride: node.extents("strides", [1; 2])?,
        dilation: node.extents("dilations", [1; 2])?,
        ..Window::square(1)
    };
    window.kernel = kernel;
    if window.stride.contains(&0) || window.kernel.contains(&0) {
        return Err(node.malformed("a stride or a kernel of 0"));
    }
    let padded = [
        size[0] + padding[0] + padding[2],
        size[1] + padding[1] + padding[3],
    ];
    let own = match node.text("auto_pad", "NOTSET") {
        "NOTSET" => node.extents("pads", [0; 4])?,
        "VALID" => [0; 4],
        "SAME_UPPER" => same(&window, padded, false),
        "SAME_LOWER" => same(&window, padded, true),
        other => return Err(node.unsupported(format_args!("auto_pad = {other:?}"))),
    };
    window.padding = std::array::from_fn(|side| padding[side] + own[side]);
    Ok(window)
}

/// Padding with which the window takes `ceil(size / stride)` positions; the odd
/// pixel goes below and to the right, or above and to the left when `lower`.
fn same(window: &Window, size: [usize; 2], lower: bool) -> [usize; 4] {
    let [vertical, horizontal] = [0, 1].map(|axis| {
        let stride = window.stride[axis];
        let extent = window.dilation[axis] * (window.kernel[axis] - 1) + 1;
        let positions = size[axis].div_ceil(stride);
        let total = ((positions - 1) * stride + extent).saturating_sub(size[axis]);
        let (less, more) = (total / 2, total - total / 2);
        if lower { (more, less) } else { (less, more) }
    });
    [vertical.0, horizontal.0, vertical.1, horizontal.1]
}
