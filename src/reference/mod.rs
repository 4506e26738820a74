//! Every layer's forward pass as plain loops in f64, without cleverness: the
//! definition that the kernels are held against, in the tests and on the
//! visitor's own GPU ([`crate::verify`]).
//!
//! Each file has one layer, as the formula of one element of its output.

mod activation;
mod avg_pool2d;
mod concat;
mod conv2d;
mod flatten;
mod linear;
mod local_response_norm;
mod max_pool2d;
mod rearrange;
mod softmax;
mod window;

pub use activation::activate;
pub use window::{Tap, taps};

use crate::layers::Layer;
use crate::shape::Shape;

/// Values of a layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Maps<'a> {
    /// `[batch, height, width, channels]`; a vector is a map of 1 x 1.
    pub size: [usize; 4],
    /// In that order, channels last.
    pub values: &'a [f64],
}

impl<'a> Maps<'a> {
    /// The channels of a pixel.
    pub fn pixel(&self, [n, row, column]: [usize; 3]) -> &'a [f64] {
        let [_, height, width, channels] = self.size;
        let pixel = (n * height + row) * width + column;
        &self.values[pixel * channels..][..channels]
    }

    fn at(&self, [n, row, column, channel]: [usize; 4]) -> f64 {
        self.pixel([n, row, column])[channel]
    }
}

/// The size of [`Maps`] with samples of this shape.
pub fn size(batch: usize, shape: &Shape) -> [usize; 4] {
    let map = shape.as_map_or_vector();
    let (height, width, channels) = map.unwrap_or((1, 1, shape.elements()));
    [batch, height, width, channels]
}

/// The parameters of one channel of a layer's output.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Filter<'a> {
    /// In the order of files: `[in / groups, height, width]` for a convolution,
    /// `[in]` for a linear layer; empty for a layer without parameters.
    pub weight: &'a [f64],
    /// 0 where there is none.
    pub bias: f64,
}

/// One element of a layer's output at inference, at `[n, i, j, c]` of its
/// [`size`].
///
/// # Panics
/// When sizes do not belong together, and for an input, which computes nothing.
pub fn element(layer: &Layer, inputs: &[Maps], filter: Filter, at: [usize; 4]) -> f64 {
    let x = &inputs[0];
    match layer {
        Layer::Conv2d(layer) => conv2d::element(layer, x, filter, at),
        Layer::Linear(_) => linear::element(x, filter, at),
        Layer::MaxPool2d(layer) => max_pool2d::element(layer, x, at),
        Layer::AvgPool2d(layer) => avg_pool2d::element(layer, x, at),
        Layer::Activation(layer) => activate(*layer, x.at(at)),
        Layer::LocalResponseNorm(layer) => local_response_norm::element(layer, x, at),
        Layer::Flatten(_) => flatten::element(x, at),
        Layer::Concat(_) => concat::element(inputs, at),
        Layer::Multiply(_) => x.at(at) * inputs[1].at(at),
        Layer::Rearrange(layer) => rearrange::element(layer, x, at),
        Layer::Add(_) => x.at(at) + inputs[1].at(at),
        Layer::Softmax(layer) => softmax::element(layer, x, at),
        Layer::Dropout(_) => x.at(at),
        Layer::Input => panic!("an input computes nothing"),
    }
}
