//! Concatenation along channels: how a fire module joins its two expansions.

use serde::Deserialize;

use super::{Operation, Read, Refusal, Values};
use crate::error::Result;
use crate::shape::Shape;

/// Puts the channels of its inputs behind each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Concat;

impl Operation for Concat {
    fn kind(&self) -> &'static str {
        "concat"
    }

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

    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        let channels = |shape: &&Shape| *shape.0.last().expect("a shape has a dimension");
        let first: usize = inputs[..index].iter().map(channels).sum();
        let own = values.channel.map(|channel| channel.wrapping_sub(first));
        let values = Values {
            channel: own,
            ..values
        };
        own.is_none_or(|own| own < channels(&inputs[index]))
            .then(|| values.same(inputs[index]))
    }
}
