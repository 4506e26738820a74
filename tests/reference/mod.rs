//! Every layer as plain loops in f64: the definition, no cleverness. Tensors
//! are `[batch, height, width, channels]`, weights in file order.

pub mod conv2d;
pub mod linear;
