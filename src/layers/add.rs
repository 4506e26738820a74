//! Addition of inputs of one shape: the end of a residual block.

use super::{Operation, Refusal};
use crate::shape::Shape;

/// `y = a + b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Add;

impl Operation for Add {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        match inputs {
            [a, b] if a == b => Ok((*a).clone()),
            _ => Err(Refusal::Input("two inputs of one shape".to_owned())),
        }
    }
}
