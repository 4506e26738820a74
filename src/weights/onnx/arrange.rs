//! Values as layers need them: the elements of a view in order, as maps or as a
//! vector, and simple layers over views.

use super::builder::Builder;
use super::node::Node;
use super::value::Activation;
use super::view::{Axis, Dimension, merged};
use crate::error::Result;
use crate::layers::{Conv2d, Flatten, Layer, Rearrange};
use crate::shape::Shape;
use crate::weights::tensor::{Tensor, Values};

/// The dimensions of a value that become the height, the width and the channels
/// of maps; without height and width a vector.
#[derive(Debug, Clone, Copy)]
pub struct Groups<'a> {
    pub height: &'a [usize],
    pub width: &'a [usize],
    pub channels: &'a [usize],
    pub vector: bool,
}

impl<'a> Groups<'a> {
    pub fn maps(height: &'a [usize], width: &'a [usize], channels: &'a [usize]) -> Self {
        Self {
            height,
            width,
            channels,
            vector: false,
        }
    }

    pub fn vector(channels: &'a [usize]) -> Self {
        Self {
            vector: true,
            ..Self::maps(&[], &[], channels)
        }
    }

    fn order(&self) -> Vec<usize> {
        [self.height, self.width, self.channels].concat()
    }
}

impl Builder<'_> {
    /// The value with its elements in the order of these groups, which name each
    /// dimension but the batch: a layer whose whole output it is.
    pub fn arrange(
        &mut self,
        name: &str,
        value: &Activation,
        groups: Groups,
    ) -> Result<Activation> {
        let value = self.settle(name, value)?;
        let size = |dimensions: &[usize]| -> usize {
            dimensions
                .iter()
                .map(|axis| value.dimensions[*axis].inner())
                .product()
        };
        let shape = match groups.vector {
            true => Shape::vector(size(groups.channels)),
            false => Shape::map(
                size(groups.height),
                size(groups.width),
                size(groups.channels),
            ),
        };
        let order = groups.order();
        let axes = order
            .iter()
            .flat_map(|axis| value.dimensions[*axis].axes.clone());
        let axes = merged(axes);
        let layer = self.in_order(name, &value, shape, axes)?;

        let mut stride = 1;
        let mut dimensions = value.dimensions.clone();
        for axis in order.iter().rev() {
            let size = dimensions[*axis].inner();
            dimensions[*axis] = Dimension::axis(size, stride);
            stride *= size;
        }
        Ok(Activation {
            layer,
            offset: 0,
            dimensions,
        })
    }

    /// A layer with this output, whose elements stand along these axes.
    fn in_order(
        &mut self,
        name: &str,
        value: &Activation,
        shape: Shape,
        axes: Vec<Axis>,
    ) -> Result<usize> {
        let before = self.draft(value.layer);
        let elements = before.shape.elements();
        let in_place = match axes[..] {
            [] => elements == 1,
            [axis] => axis.stride == 1 && axis.size == elements,
            _ => false,
        };
        let in_place = in_place && value.offset == 0;
        if in_place && before.shape == shape {
            return Ok(value.layer);
        }
        let channels_first = before.shape.as_map().map(|(height, width, channels)| {
            let axis = |size, stride| Axis { size, stride };
            merged([
                axis(channels, 1),
                axis(height, width * channels),
                axis(width, channels),
            ])
        });
        let flattens = matches!(shape.0[..], [_]) && value.offset == 0;
        let layer: Layer = match flattens && channels_first.is_some_and(|all| all == axes) {
            true => Flatten.into(),
            false => Rearrange {
                shape,
                offset: value.offset,
                axes: axes.iter().map(|axis| [axis.size, axis.stride]).collect(),
            }
            .into(),
        };
        match self.same(&layer, &[value.layer]) {
            Some(same) => Ok(same),
            // The name itself belongs to what reads it.
            None => self.add(&format!("{name}.input"), layer, &[value.layer]),
        }
    }

    /// The elements in the order that a network has them: maps of `[batch, channels,
    /// height, width]`, `[batch, channels, length]` as maps of one column, else a
    /// vector in ONNX's order.
    pub fn natural(&mut self, name: &str, value: &Activation) -> Result<Activation> {
        match value.own()[..] {
            [channels, height, width] => {
                self.arrange(name, value, Groups::maps(&[height], &[width], &[channels]))
            }
            ref own => self.arrange(name, value, Groups::vector(own)),
        }
    }

    /// The value with some of its dimensions as channels, the others as pixels.
    pub fn channels_last(
        &mut self,
        name: &str,
        value: &Activation,
        channels: &[usize],
    ) -> Result<Activation> {
        let own = value.own().into_iter();
        let rest: Vec<usize> = own.filter(|axis| !channels.contains(axis)).collect();
        let groups = match &rest[..] {
            [] => Groups::vector(channels),
            [_, _] => Groups::maps(&rest[..1], &rest[1..], channels),
            rest => Groups::maps(rest, &[], channels),
        };
        self.arrange(name, value, groups)
    }

    /// An input as the maps of a convolution or a pool, one or two dimensions behind
    /// the channels; padding that is still to be added stays in the view.
    pub fn maps(&mut self, node: &Node, index: usize) -> Result<(Activation, Vec<usize>)> {
        let value = batched(self.view(node, index)?);
        let spatial: Vec<usize> = (2..value.dimensions.len()).collect();
        let first = value.dimensions.first().is_some_and(|d| d.batch);
        if !first || !matches!(spatial.len(), 1 | 2) {
            let sizes = value.sizes();
            return Err(node.unsupported(format_args!("an input of {sizes:?}")));
        }
        Ok((value, spatial))
    }

    /// An input as vectors.
    pub fn vector(&mut self, node: &Node, index: usize) -> Result<usize> {
        let value = batched(self.view(node, index)?);
        match value.dimensions[..] {
            [Dimension { batch: true, .. }, _] => Ok(self.natural(node.name(), &value)?.layer),
            _ => Err(node.unsupported(format_args!("an input of {:?}", value.sizes()))),
        }
    }

    /// The value with its padding added: by a convolution that changes nothing else.
    pub fn settle(&mut self, name: &str, value: &Activation) -> Result<Activation> {
        let mut value = value.clone();
        loop {
            let padded = |axis: &usize| value.dimensions[*axis].padding != [0; 2];
            let axes: Vec<usize> = (0..value.dimensions.len()).filter(padded).take(2).collect();
            let mut bare = value.clone();
            let [first, rest @ ..] = &axes[..] else {
                return Ok(value);
            };
            bare.dimensions.iter_mut().for_each(|d| d.padding = [0; 2]);
            let own = bare.own().into_iter();
            let channels: Vec<usize> = own.filter(|axis| !axes.contains(axis)).collect();
            let width = rest.first().map(std::slice::from_ref).unwrap_or_default();
            let arranged = self.arrange(name, &bare, Groups::maps(&[*first], width, &channels))?;
            let count = channels.iter().map(|axis| value.dimensions[*axis].inner());
            let count = count.product();
            let mut copy = Conv2d::new(count, 1).groups(count);
            let [top, bottom] = value.dimensions[*first].padding;
            let [left, right] = rest
                .first()
                .map_or([0; 2], |axis| value.dimensions[*axis].padding);
            copy.window.padding = [top, left, bottom, right];
            copy.bias = false;
            let weight = Tensor::new("", Shape(vec![count, 1, 1, 1]), Values::Repeated(1.0));
            let name = format!("{name}.pad");
            let layer = self.add_with(&name, copy.into(), &[arranged.layer], Some(weight), None)?;
            let paddings: Vec<[usize; 2]> = value
                .dimensions
                .iter()
                .map(|dimension| dimension.padding)
                .collect();
            let mut sizes = bare.sizes();
            for axis in &axes {
                sizes[*axis] = value.dimensions[*axis].size();
            }
            let order = [&[*first][..], width, &channels].concat();
            value = standing(layer, &bare, &order, &sizes);
            for (axis, padding) in paddings.into_iter().enumerate() {
                if !axes.contains(&axis) {
                    value.dimensions[axis].padding = padding;
                }
            }
        }
    }

    /// A layer that changes each element for itself.
    pub fn pointwise(
        &mut self,
        name: &str,
        layer: impl Into<Layer>,
        value: &Activation,
    ) -> Result<Activation> {
        let whole = value.is_whole(self.draft(value.layer).shape.elements());
        let value = match whole {
            true => value.clone(),
            false => self.natural(name, value)?,
        };
        let layer = self.add(name, layer, &[value.layer])?;
        Ok(Activation { layer, ..value })
    }
}

/// The value of a layer whose output has the dimensions of `like` in this order,
/// outermost first, with these sizes.
pub fn standing(layer: usize, like: &Activation, order: &[usize], sizes: &[usize]) -> Activation {
    let mut dimensions = like.dimensions.clone();
    let mut stride = 1;
    for axis in order.iter().rev() {
        dimensions[*axis] = Dimension::axis(sizes[*axis], stride);
        stride *= sizes[*axis];
    }
    Activation {
        layer,
        offset: 0,
        dimensions,
    }
}

/// The value whose first dimension, of size 1, is the batch when there is no other.
pub fn batched(mut value: Activation) -> Activation {
    let has_batch = value.dimensions.iter().any(|dimension| dimension.batch);
    if let (false, Some(first)) = (has_batch, value.dimensions.first_mut())
        && first.size() == 1
    {
        *first = Dimension::batch();
    }
    value
}
