//! The CPU engine: it runs the dispatches of a plan without a GPU. Each shader has a
//! mirror here, a file of its name.
//!
//! Convolution and linear layers, forward and backward, are written for speed over
//! `fearless_simd`; everything else is as plain as the shader. A crate of its own, since
//! it is compiled for speed where the rest of the page's module is compiled for size.

mod accumulate;
mod activation;
mod add;
mod avg_pool2d;
mod bias;
mod concat;
pub mod contract;
mod conv2d;
mod conv2d_backward_input;
mod conv2d_backward_weight;
mod depthwise;
mod dropout;
mod flatten;
mod gradient;
mod gradient_norm;
mod linear;
mod linear_backward;
mod local_response_norm;
mod map_statistics;
mod max_pool2d;
mod memory;
mod mosaic;
mod multiply;
mod optimizer;
mod padding;
mod parallel;
#[cfg(test)]
mod plain;
mod product;
mod rearrange;
mod scratch;
mod simd;
mod softmax;
mod softmax_cross_entropy;
mod vectors;
mod weights;
mod window;

pub use memory::{Dispatch, Executable, Slice};
pub use mosaic::Mosaic;
pub use simd::Processor;
