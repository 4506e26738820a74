//! The layers of the networks that were published deep-compressed, in the order
//! of their files.

use crate::layers::Layer;
use crate::network::{Network, Node};

/// What a file holds of one layer.
pub struct Layout {
    /// Name of the layer.
    pub name: String,
    /// Shape of its weight: `[out, in / groups, height, width]` or `[out, in]`.
    pub weight: Vec<usize>,
    /// Bits of a code: 8 for a convolution, 4 for a fully connected layer.
    pub bits: u32,
}

impl Layout {
    /// Number of outputs.
    pub fn out(&self) -> usize {
        self.weight[0]
    }

    /// Number of elements of its weight.
    pub fn weight_elements(&self) -> usize {
        self.weight.iter().product()
    }
}

/// The layers of a network that stand in such a file.
pub fn layouts(network: &Network) -> Vec<Layout> {
    let layout = |(id, node): (_, &Node)| {
        let bits = match node.layer {
            Layer::Conv2d(_) => 8,
            Layer::Linear(_) => 4,
            _ => return None,
        };
        let (_, weight) = network.parameters(id).swap_remove(0);
        Some(Layout {
            name: node.name.clone(),
            weight: weight.shape.0,
            bits,
        })
    };
    network.nodes().filter_map(layout).collect()
}
