//! Flattening: maps to one vector in the order of the published files,
//! channels first, so that a checkpoint's linear layers fit as they are.

use super::{Operation, Refusal, single};
use crate::shape::Shape;

/// `y[c * height * width + i * width + j] = x[i,j,c]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flatten;

impl Operation for Flatten {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        let input = single(inputs, "one input")?;
        Ok(Shape::vector(input.elements()))
    }
}
