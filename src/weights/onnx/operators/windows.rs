//! The attributes that convolutions and pools share: their window, over the one or
//! two dimensions behind the channels.

use super::{Builder, Node};
use crate::error::Result;
use crate::layers::Window;
use crate::weights::onnx::arrange::{Groups, standing};
use crate::weights::onnx::value::Activation;

/// The attributes that [`window`] reads.
pub const ATTRIBUTES: [&str; 5] = ["auto_pad", "dilations", "kernel_shape", "pads", "strides"];

/// Two extents of an attribute, of which the second is 1 where there is one
/// dimension only.
pub fn pair(node: &Node, name: &str, dimensions: usize) -> Result<Option<[usize; 2]>> {
    match (node.ints(name), dimensions) {
        (None, _) => Ok(None),
        (Some([one]), 1) => Ok(Some(node.checked_extents(name, &[*one, 1])?)),
        (Some(values), _) => Ok(Some(node.checked_extents(name, values)?)),
    }
}

/// The layer of maps below a window, and the window, which takes over the padding
/// that is still to be added.
pub fn taken_over(
    builder: &mut Builder,
    node: &Node,
    value: &mut Activation,
    spatial: &[usize],
    kernel: [usize; 2],
) -> Result<(usize, Window)> {
    let mut padding = [0; 4];
    for (place, axis) in spatial.iter().enumerate() {
        let own = std::mem::take(&mut value.dimensions[*axis].padding);
        (padding[place], padding[place + 2]) = (own[0], own[1]);
    }
    let arranged = builder.arrange(node.name(), value, maps(spatial))?;
    *value = arranged;
    let size = |place: usize| {
        spatial
            .get(place)
            .map_or(1, |axis| value.dimensions[*axis].size())
    };
    let window = window(node, kernel, [size(0), size(1)], padding, spatial.len())?;
    Ok((value.layer, window))
}

/// Height, width and channels of maps with these dimensions behind the channels.
pub fn maps(spatial: &[usize]) -> Groups<'_> {
    Groups::maps(&spatial[..1], &spatial[1..], &[1])
}

/// The value of a layer over the maps of `like`.
pub fn answer(builder: &Builder, layer: usize, like: &Activation, spatial: &[usize]) -> Activation {
    let (height, width, channels) = builder
        .draft(layer)
        .shape
        .as_map()
        .expect("maps come from maps");
    let mut sizes = like.sizes();
    sizes[1] = channels;
    sizes[spatial[0]] = height;
    if let Some(axis) = spatial.get(1) {
        sizes[*axis] = width;
    }
    standing(layer, like, &[spatial, &[1]].concat(), &sizes)
}

/// The window of a node with this kernel over maps of `size`, which `padding`
/// already surrounds.
pub fn window(
    node: &Node,
    kernel: [usize; 2],
    size: [usize; 2],
    padding: [usize; 4],
    dimensions: usize,
) -> Result<Window> {
    let mut window = Window {
        stride: pair(node, "strides", dimensions)?.unwrap_or([1; 2]),
        dilation: pair(node, "dilations", dimensions)?.unwrap_or([1; 2]),
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
        "NOTSET" => match (node.ints("pads"), dimensions) {
            (None, _) => [0; 4],
            (Some([before, behind]), 1) => {
                node.checked_extents("pads", &[*before, 0, *behind, 0])?
            }
            (Some(pads), _) => node.checked_extents("pads", pads)?,
        },
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
