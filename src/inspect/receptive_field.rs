//! Which pixels of the input a value depends on: walking back from it, each
//! window of `kernel` pixels turns the rows `a..b` into
//! `a * stride - padding .. (b - 1) * stride - padding + dilation * (kernel - 1) + 1`
//! of its input; what of them lies in the padding ends there.

use crate::layers::{Area, Layer, Values};
use crate::network::{Network, NodeId};

/// The receptive field of the value of a node at `(y, x, unit)`, in pixels of the
/// network's first input (it may reach into their padding); `None` when it does not depend on that.
pub fn receptive_field(
    network: &Network,
    node: NodeId,
    (y, x, unit): (usize, usize, usize),
) -> Option<Area> {
    // What is needed of each node.
    let mut needed: Vec<Option<Values>> = vec![None; network.nodes().len()];
    needed[node.0] = Some(Values {
        area: Area::place(y, x),
        channel: Some(unit),
    });
    for (id, node) in network.nodes().rev() {
        let Some(values) = needed[id.0] else {
            continue;
        };
        let shapes = network.input_shapes(id);
        for (index, input) in node.inputs.iter().enumerate() {
            let shape = shapes[index];
            let (height, width, _) = shape.as_map_or_vector().unwrap_or((1, 1, shape.elements()));
            let before = node.layer.reads(&shapes, index, values).map(|read| Values {
                area: match network[*input].layer {
                    // Padding of the picture itself can be shown.
                    Layer::Input => read.area,
                    _ => read.area.on_map(height, width),
                },
                channel: read.channel(),
            });
            needed[input.0] = match (needed[input.0], before) {
                (Some(a), Some(b)) => Some(Values {
                    area: a.area.around(b.area),
                    channel: a.channel.filter(|_| a.channel == b.channel),
                }),
                (known, before) => known.or(before),
            };
        }
    }
    let input = *network.inputs().first()?;
    needed[input.0].map(|values| values.area)
}
