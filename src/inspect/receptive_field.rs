//! Which pixels of the input a value depends on: walking back from it, each
//! window of `kernel` pixels turns the rows `a..b` into
//! `a * stride - padding .. (b - 1) * stride - padding + dilation * (kernel - 1) + 1`
//! of its input; what of them lies in the padding ends there.

use crate::layers::{Layer, Window};
use crate::network::{Network, NodeId};

/// A rectangle of a map. It may reach beyond its edges, into the padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// First row.
    pub top: i32,
    /// First column.
    pub left: i32,
    /// The row behind the last one.
    pub bottom: i32,
    /// The column behind the last one.
    pub right: i32,
}

impl Area {
    /// One place of a map.
    pub fn place(y: usize, x: usize) -> Self {
        Self::from_corner(y as i32, x as i32, 1, 1)
    }

    fn from_corner(top: i32, left: i32, height: usize, width: usize) -> Self {
        Self {
            top,
            left,
            bottom: top + height as i32,
            right: left + width as i32,
        }
    }

    /// What a window sees of its input while it stands on these places.
    pub fn under(self, window: &Window) -> Self {
        let first =
            |at: i32, axis: usize| at * window.stride[axis] as i32 - window.padding[axis] as i32;
        let extent = |axis: usize| (window.dilation[axis] * (window.kernel[axis] - 1) + 1) as i32;
        Self {
            top: first(self.top, 0),
            left: first(self.left, 1),
            bottom: first(self.bottom - 1, 0) + extent(0),
            right: first(self.right - 1, 1) + extent(1),
        }
    }

    /// What of it lies on a map of this size.
    fn on_map(self, height: usize, width: usize) -> Self {
        Self {
            top: self.top.max(0),
            left: self.left.max(0),
            bottom: self.bottom.min(height as i32),
            right: self.right.min(width as i32),
        }
    }

    /// The smallest rectangle around both.
    fn around(self, other: Self) -> Self {
        Self {
            top: self.top.min(other.top),
            left: self.left.min(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.max(other.right),
        }
    }
}

/// The receptive field of the value of a node at `(y, x, unit)`, in pixels of the
/// network's first input (it may reach into their padding); `None` when it does not depend on that.
pub fn receptive_field(
    network: &Network,
    node: NodeId,
    (y, x, unit): (usize, usize, usize),
) -> Option<Area> {
    // What is needed of each node: an area, and the unit where it is a single one.
    let mut needed: Vec<Option<(Area, Option<usize>)>> = vec![None; network.nodes().len()];
    needed[node.0] = Some((Area::place(y, x), Some(unit)));
    for (id, node) in network.nodes().rev() {
        let Some((area, unit)) = needed[id.0] else {
            continue;
        };
        let mut first_channel = 0;
        for input in &node.inputs {
            let shape = &network[*input].shape;
            let (height, width, channels) =
                shape.as_map_or_vector().unwrap_or((1, 1, shape.elements()));
            let before = match &node.layer {
                Layer::Conv2d(layer) => Some((area.under(&layer.window), None)),
                Layer::MaxPool2d(layer) => Some((area.under(&layer.window), unit)),
                Layer::AvgPool2d(layer) => {
                    Some((area.under(&layer.window_over(height, width)), unit))
                }
                Layer::LocalResponseNorm(layer) if layer.within_map => {
                    Some((area.under(&layer.window()), unit))
                }
                Layer::Linear(_) | Layer::Softmax(_) | Layer::LocalResponseNorm(_) => {
                    Some((area, None))
                }
                Layer::Flatten(_) => Some(match unit {
                    Some(unit) => {
                        let [c, y, x] = unflatten(unit, height, width);
                        (Area::place(y, x), Some(c))
                    }
                    None => (Area::from_corner(0, 0, height, width), None),
                }),
                Layer::Concat(_) => {
                    let own = unit.map(|unit| unit.wrapping_sub(first_channel));
                    first_channel += channels;
                    match own {
                        Some(unit) if unit >= channels => None,
                        own => Some((area, own)),
                    }
                }
                Layer::Activation(_) | Layer::Dropout(_) | Layer::Add(_) | Layer::Input => {
                    Some((area, unit))
                }
            };
            let before = before.map(|(area, unit)| match network[*input].layer {
                // Padding of the picture itself can be shown.
                Layer::Input => (area, unit),
                _ => (area.on_map(height, width), unit),
            });
            needed[input.0] = match (needed[input.0], before) {
                (Some((a, unit)), Some((b, other))) => {
                    Some((a.around(b), unit.filter(|_| unit == other)))
                }
                (known, before) => known.or(before),
            };
        }
    }
    let input = *network.inputs().first()?;
    needed[input.0].map(|(area, _)| area)
}

/// Channel, row and column of an element of flattened maps of this size.
pub(super) fn unflatten(index: usize, height: usize, width: usize) -> [usize; 3] {
    [
        index / (height * width),
        index / width % height,
        index % width,
    ]
}
