//! MaxPool and AveragePool.

use super::{Builder, Node, Value, windows};
use crate::error::Result;
use crate::layers::{AvgPool2d, Layer, MaxPool2d, Window};
use crate::weights::onnx::arrange::{Groups, batched, standing};
use crate::weights::onnx::value::Activation;

pub fn max_pool(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&[&windows::ATTRIBUTES[..], &["ceil_mode", "storage_order"]].concat())?;
    if node.int("storage_order", 0) != 0 {
        return Err(node.unsupported("storage_order = 1"));
    }
    // Zeros around the maps may be larger than what is in them.
    let value = builder.view(node, 0)?;
    let value = builder.settle(node.name(), &value)?;
    pool(builder, node, value, &|window, _| {
        MaxPool2d { window }.into()
    })
}

/// Zeros that a Pad put around the maps count in the mean, so they can be the
/// pool's own padding only when that counts too.
pub fn average_pool(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(
        &[
            &windows::ATTRIBUTES[..],
            &["ceil_mode", "count_include_pad"],
        ]
        .concat(),
    )?;
    let mut value = builder.view(node, 0)?;
    let counted = node.int("count_include_pad", 0) != 0;
    let pads = node
        .ints("pads")
        .is_some_and(|pads| pads.iter().any(|pad| *pad != 0));
    let automatic = !matches!(node.text("auto_pad", "NOTSET"), "NOTSET" | "VALID");
    if !counted && (pads || automatic) {
        value = builder.settle(node.name(), &value)?;
    }
    pool(builder, node, value, &|window, was_padded| {
        AvgPool2d {
            window,
            global: false,
            count_include_pad: counted || was_padded,
        }
        .into()
    })
}

/// A pool over at most two dimensions; those under a kernel of 1 are channels.
fn pool(
    builder: &mut Builder,
    node: &Node,
    value: Activation,
    layer: &dyn Fn(Window, bool) -> Layer,
) -> Result<Value> {
    let mut value = batched(value);
    let rank = value.dimensions.len();
    let kernel = node.ints("kernel_shape").unwrap_or_default();
    if rank < 3 || kernel.len() != rank - 2 || !value.dimensions[0].batch {
        let sizes = value.sizes();
        return Err(node.unsupported(format_args!("the kernel {kernel:?} for {sizes:?}")));
    }
    let was_padded = value.is_padded();
    let layer = |mut window: Window| {
        window.ceil_mode = node.int("ceil_mode", 0) != 0;
        layer(window, was_padded)
    };
    if rank <= 4 {
        let spatial: Vec<usize> = (2..rank).collect();
        let kernel = windows::pair(node, "kernel_shape", rank - 2)?.unwrap_or([1; 2]);
        let (below, window) = windows::taken_over(builder, node, &mut value, &spatial, kernel)?;
        let layer = builder.add(node.name(), layer(window), &[below])?;
        return Ok(Value::Activation(windows::answer(
            builder, layer, &value, &spatial,
        )));
    }
    // Of more dimensions, those that a window reaches over.
    let of = |name: &str, place: usize| node.ints(name).and_then(|list| list.get(place)).copied();
    let moves = |axis: &usize| {
        let place = axis - 2;
        let pads = [of("pads", place), of("pads", place + rank - 2)];
        of("kernel_shape", place) != Some(1)
            || of("strides", place).unwrap_or(1) != 1
            || pads.iter().any(|pad| pad.unwrap_or(0) != 0)
    };
    let spatial: Vec<usize> = (2..rank).filter(moves).collect();
    let Some(row @ 2..) = spatial.first().copied().filter(|_| spatial.len() == 1) else {
        return Err(node.unsupported(format_args!(
            "the kernel {kernel:?} for {:?}",
            value.sizes()
        )));
    };
    let place = row - 2;
    let extent = |name: &str, default: i64| {
        node.checked_extents::<1>(name, &[of(name, place).unwrap_or(default)])
    };
    let mut window = Window::square(1);
    window.kernel[0] = extent("kernel_shape", 1)?[0];
    window.stride[0] = extent("strides", 1)?[0].max(1);
    window.dilation[0] = extent("dilations", 1)?[0].max(1);
    let own = std::mem::take(&mut value.dimensions[row].padding);
    window.padding[0] = own[0] + extent("pads", 0)?[0];
    let behind = of("pads", place + rank - 2).unwrap_or(0);
    window.padding[2] = own[1] + node.checked_extents::<1>("pads", &[behind])?[0];
    let rest: Vec<usize> = value
        .own()
        .into_iter()
        .filter(|axis| *axis != row)
        .collect();
    let arranged = builder.arrange(node.name(), &value, Groups::maps(&[row], &[], &rest))?;
    let layer = builder.add(node.name(), layer(window), &[arranged.layer])?;
    let mut sizes = arranged.sizes();
    let (height, _, _) = builder
        .draft(layer)
        .shape
        .as_map()
        .expect("maps come from maps");
    sizes[row] = height;
    let order = [&[row][..], &rest].concat();
    Ok(Value::Activation(standing(
        layer, &arranged, &order, &sizes,
    )))
}
