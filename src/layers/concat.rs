//! Concatenation along channels: how a fire module joins its two expansions.

use super::{Operation, Refusal};
use crate::shape::Shape;

/// Puts the channels of its inputs behind each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concat;

impl Operation for Concat {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        let refusal = || Refusal::Input("inputs that differ only in their channels".to_owned());
        let first = inputs.first().ok_or_else(refusal)?;
        let (channels, outer) = first.0.split_last().ok_or_else(refusal)?;
        let mut total = *channels;
        for input in &inputs[1..] {
            match input.0.split_last() {
                Some((channels, other)) if other == outer => total += channels,
                _ => return Err(refusal()),
            }
        }
        Ok(Shape([outer, &[total]].concat()))
    }
}
