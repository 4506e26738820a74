//! Multiplication of inputs of one shape: gates, and squares.

use serde::Deserialize;

use super::{Operation, Read, Refusal, Values};
use crate::error::Result;
use crate::shape::Shape;

/// `y = a * b`, element by element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Multiply;

impl Operation for Multiply {
    fn kind(&self) -> &'static str {
        "multiply"
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        match inputs {
            [a, b] if a == b => Ok((*a).clone()),
            _ => Err(Refusal::Input("two inputs of one shape".to_owned())),
        }
    }

    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        Some(values.same(inputs[index]))
    }
}
