//! Concatenation along channels: how a fire module joins its two expansions.

use serde::Deserialize;

use super::{Operation, Refusal, elementwise};
use crate::error::Result;
use crate::kernels::concat::{BackwardInput, Constants, Forward};
use crate::plan::{Gradients, PlanBuilder, Site, Value};
use crate::shape::Shape;

/// Puts the channels of its inputs behind each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) {
        let mut first_channel = 0;
        for input in &site.inputs {
            let constants = constants(site, input, first_channel, false);
            let kernel = Forward {
                x: input.slice,
                y: site.output.slice,
            };
            let grid = elementwise(constants.positions * constants.in_channels);
            plan.dispatch(site.node, kernel.dispatch(&constants, grid));
            first_channel += constants.in_channels;
        }
    }
    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        let mut first_channel = 0;
        for (input, dx) in site.inputs.iter().zip(&gradients.inputs) {
            let accumulate = dx.is_some_and(|dx| dx.accumulate);
            let constants = constants(site, input, first_channel, accumulate);
            first_channel += constants.in_channels;
            if let Some(dx) = dx {
                let kernel = BackwardInput {
                    dy: gradients.output,
                    dx: dx.slice,
                };
                let grid = elementwise(constants.positions * constants.in_channels);
                plan.dispatch(site.node, kernel.dispatch(&constants, grid));
            }
        }
        Ok(())
    }
}

/// Of the kernels that copy one input.
fn constants(site: &Site, input: &Value, first_channel: u32, accumulate: bool) -> Constants {
    let [height, width, in_channels] = input.map();
    Constants {
        positions: site.batch as u32 * height * width,
        in_channels,
        out_channels: site.output.map()[2],
        first_channel,
        accumulate,
    }
}
