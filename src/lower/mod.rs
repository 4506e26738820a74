//! How layers are computed: from a kind of layer to dispatches of kernels. One file
//! a kind, named as the layer, with its packing, forward and backward.
//!
//! Nothing else turns a layer into dispatches, so that a second way to compute one
//! is a change here. [`plan`](crate::plan) decides where a layer stands and calls
//! [`lowered`]; what it hands over is a [`Site`] and a [`PlanBuilder`].

mod activation;
mod add;
mod avg_pool2d;
mod builder;
mod concat;
mod conv2d;
mod conv2d_backward;
mod dropout;
mod flatten;
mod gradients;
mod linear;
mod local_response_norm;
mod max_pool2d;
mod multiply;
mod packing;
mod parameter;
mod preset;
mod rearrange;
mod softmax;

pub use builder::{BufferSpec, Mode, PlanBuilder, Site, Step, Target, Value};
pub use gradients::{Gradient, Gradients};
pub use packing::{Packing, Storage};
pub use parameter::{Chunk, PlannedParameter};
pub use preset::{Conv2dPreset, LinearPreset, OutputTile, Preset};

use crate::error::Result;
use crate::layers::{self, Layer};
use crate::shape::Shape;

/// How one kind of layer is computed.
pub trait Lower {
    /// How the weight stands on the device; `None` for a layer without parameters.
    fn packing(&self, inputs: &[&Shape], preset: Preset) -> Option<Packing> {
        let _ = (inputs, preset);
        None
    }

    /// Whether the output is the input, element by element in the same order,
    /// so that there is nothing to compute.
    fn is_identity(&self, inputs: &[&Shape], mode: Mode) -> bool {
        let _ = (inputs, mode);
        false
    }

    /// Whether forward computes [`Site::activation`] as well.
    fn fuses_activation(&self) -> bool {
        false
    }

    /// Bytes a sample that forward saves for backward while training, for an
    /// output of this shape: [`Site::saved`].
    fn saved_bytes(&self, output: &Shape) -> u64 {
        let _ = output;
        0
    }

    /// Adds the dispatches that compute the output from the inputs.
    ///
    /// # Errors
    /// As [`Lower::backward`].
    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()>;

    /// Adds the dispatches that compute the gradients of inputs and parameters
    /// from the gradient of the output. Each element is computed by one
    /// invocation, which gathers: WGSL has no atomic floats.
    ///
    /// # Errors
    /// [`Error::TooLarge`](crate::error::Error::TooLarge) when an intermediate
    /// buffer exceeds the largest binding.
    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()>;
}

macro_rules! lowered {
    ($($kind:ident in $file:ident,)*) => {
        /// How a layer is computed; `None` for an input, which nothing computes.
        pub fn lowered(layer: &Layer) -> Option<&dyn Lower> {
            match layer {
                Layer::Input => None,
                $(Layer::$kind(layer) => Some(layer),)*
            }
        }
    };
}

layers::kinds!(lowered);

/// The invocations of a kernel of which each computes four neighbouring channels of a
/// pixel.
fn channel_quads(pixels: u32, channels: u32) -> u32 {
    pixels * channels.div_ceil(4)
}
