//! Conv, and Pad, which the next convolution or pool takes over.

use super::{Builder, Node, Value, layer_name, windows};
use crate::error::Result;
use crate::layers::Conv2d;
use crate::weights::onnx::value::{Activation, known};

/// Conv of a constant weight `[out, in / groups, height, width]`.
pub fn conv(builder: &mut Builder, node: &Node) -> Result<usize> {
    node.allow(&[&windows::ATTRIBUTES[..], &["group"]].concat())?;
    let Activation { layer, padding } = builder.padded(node, 0)?;
    let weight = builder.constant(node, 1)?;
    let bias = match node.optional(2) {
        Some(_) => Some(builder.constant(node, 2)?),
        None => None,
    };
    let [out_channels, _, height, width] = weight.shape.0[..] else {
        return Err(node.unsupported(format_args!("a weight of {}", weight.shape)));
    };
    if node.extents("kernel_shape", [height, width])? != [height, width] {
        return Err(node.malformed("its kernel_shape is not that of its weight"));
    }
    let Some((in_height, in_width, _)) = builder.draft(layer).shape.as_map() else {
        return Err(node.unsupported(format_args!("an input of {}", builder.draft(layer).shape)));
    };
    let [groups] = node.checked_extents("group", &[node.int("group", 1)])?;
    let layer_of = Conv2d {
        out_channels,
        window: windows::window(node, [height, width], [in_height, in_width], padding)?,
        groups,
        bias: bias.is_some(),
    };
    let name = layer_name(node, &weight).to_owned();
    builder.add_with(&name, layer_of.into(), &[layer], Some(weight), bias)
}

/// Pad of maps with zeros, on their sides only.
pub fn pad(builder: &mut Builder, node: &Node) -> Result<Value> {
    node.allow(&["mode", "pads", "paddings", "value"])?;
    let Activation { layer, padding } = builder.padded(node, 0)?;
    if node.text("mode", "constant") != "constant" {
        return Err(node.unsupported(format_args!("mode = {:?}", node.text("mode", ""))));
    }
    let value = match node.optional(2) {
        Some(_) => {
            let value = builder.constant(node, 2)?;
            builder.read(&value)?.first().copied().unwrap_or(0.0)
        }
        None => node.float("value", 0.0),
    };
    if value != 0.0 {
        let value = f64::from(value);
        return Err(node.unsupported(format_args!("padding with {value}")));
    }
    if node.optional(3).is_some() {
        return Err(node.unsupported("the input axes"));
    }
    let pads = match node.ints("pads").or(node.ints("paddings")) {
        Some(pads) => pads.to_vec(),
        None => known(node, &builder.integers(node, 1)?)?,
    };
    let maps = builder.draft(layer).shape.as_map().is_some();
    match pads[..] {
        [0, 0, top, left, 0, 0, bottom, right] if maps => {
            let pads = [top, left, bottom, right];
            let sums: Vec<i64> = (0..4)
                .map(|side| pads[side].saturating_add(padding[side] as i64))
                .collect();
            node.checked_extents::<4>("pads", &pads)?;
            let padding = node.checked_extents("pads", &sums)?;
            Ok(Value::Activation(Activation { layer, padding }))
        }
        _ => Err(node.unsupported("padding of anything but the four sides of maps")),
    }
}
