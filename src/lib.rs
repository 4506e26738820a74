//! AlexNet running, training and explaining itself on the visitor's own machine.
//!
//! Arrows point only downward: `web` (the page) and the command line call
//! `predict` and `train`; those build a [`network`], plan it and run it on an
//! [`engine`], the GPU or the processor. See ARCHITECTURE.md.

pub mod data;
pub mod engine;
pub mod error;
mod gpu;
mod hardware;
pub mod inference;
pub mod inspect;
pub mod kernels;
pub mod layers;
pub mod lower;
pub mod models;
pub mod network;
mod order;
pub mod plan;
pub mod predict;
pub mod preprocess;
pub mod random;
pub mod reference;
mod resize;
pub mod shape;
mod softmax;
pub mod train;
pub mod verify;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod weights;
