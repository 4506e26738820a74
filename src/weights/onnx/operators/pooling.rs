//! MaxPool, AveragePool, and the means of whole maps.

use super::{Builder, Node, windows};
use crate::error::Result;
use crate::layers::{AvgPool2d, Flatten, MaxPool2d, Window};
use crate::weights::onnx::value::{Activation, known};

pub fn max_pool(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&[&windows::ATTRIBUTES[..], &["ceil_mode", "storage_order"]].concat())?;
    let layer = builder.activation(node, 0)?;
    let window = window(builder, node, layer, [0; 4])?;
    builder.add(node.name(), MaxPool2d { window }, &[layer])
}

/// Zeros that a Pad put around the maps count in the mean, so they can be the
/// pool's own padding only when that counts too.
pub fn average_pool(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(
        &[
            &windows::ATTRIBUTES[..],
            &["ceil_mode", "count_include_pad"],
        ]
        .concat(),
    )?;
    let before = builder.padded(node, 0)?;
    let own = window(builder, node, before.layer, [0; 4])?.padding;
    let counted = node.int("count_include_pad", 0) != 0;
    let takes_over = counted || own == [0; 4];
    let (layer, padding) = match before {
        Activation { layer, padding } if takes_over => (layer, padding),
        before => (builder.unpadded(node.name(), before)?, [0; 4]),
    };
    let pool = AvgPool2d {
        window: window(builder, node, layer, padding)?,
        global: false,
        count_include_pad: counted || padding != [0; 4],
    };
    builder.add(node.name(), pool, &[layer])
}

pub fn global_average_pool(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&[])?;
    let layer = builder.activation(node, 0)?;
    builder.add(node.name(), AvgPool2d::global(), &[layer])
}

/// ReduceMean over height and width: what PyTorch's adaptive pooling to one
/// pixel becomes.
pub fn reduce_mean(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&["axes", "keepdims", "noop_with_empty_axes"])?;
    let layer = builder.activation(node, 0)?;
    let mut axes = match node.ints("axes") {
        Some(axes) => axes.to_vec(),
        None => known(node, &builder.integers(node, 1)?)?,
    };
    axes.iter_mut()
        .filter(|axis| **axis < 0)
        .for_each(|axis| *axis = axis.saturating_add(4));
    if !matches!(axes[..], [2, 3] | [3, 2]) || builder.draft(layer).shape.as_map().is_none() {
        return Err(node.unsupported("a mean over anything but height and width"));
    }
    let pool = builder.add(node.name(), AvgPool2d::global(), &[layer])?;
    match node.int("keepdims", 1) {
        0 => builder.add(&format!("{}.flatten", node.name()), Flatten, &[pool]),
        _ => Ok(pool),
    }
}

/// The window of a pool over the output of `layer`.
fn window(builder: &Builder, node: &Node, layer: usize, padding: [usize; 4]) -> Result<Window> {
    if node.int("storage_order", 0) != 0 {
        return Err(node.unsupported("storage_order = 1"));
    }
    let Some((height, width, _)) = builder.draft(layer).shape.as_map() else {
        return Err(node.unsupported(format_args!("an input of {}", builder.draft(layer).shape)));
    };
    let kernel = node.extents("kernel_shape", [0; 2])?;
    let mut window = windows::window(node, kernel, [height, width], padding)?;
    window.ceil_mode = node.int("ceil_mode", 0) != 0;
    Ok(window)
}
