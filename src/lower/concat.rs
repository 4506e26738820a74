//! How inputs are joined: a dispatch copies one input.

use super::{Gradients, Lower, PlanBuilder, Site, Value};
use crate::error::Result;
use crate::kernels::Slice;
use crate::kernels::concat::{BackwardInput, Constants, Forward};
use crate::layers::Concat;

impl Lower for Concat {
    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
        let mut first_channel = 0;
        for input in &site.inputs {
            let constants = constants(site, input, first_channel, false);
            let kernel = Forward {
                x: input.slice,
                y: site.output.slice,
            };
            let invocations = constants.positions * constants.in_channels;
            plan.dispatch(site.node, kernel.over(&constants, invocations));
            first_channel += constants.in_channels;
        }
        Ok(())
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
                let invocations = constants.positions * constants.in_channels;
                plan.dispatch(site.node, kernel.over(&constants, invocations));
            }
        }
        Ok(())
    }
}

/// Joins a part of the output's channels, computed apart, to the others.
pub(super) fn join(site: &Site, part: &Value, first_channel: usize, plan: &mut PlanBuilder) {
    let constants = constants(site, part, first_channel as u32, false);
    let kernel = Forward {
        x: part.slice,
        y: site.output.slice,
    };
    let invocations = constants.positions * constants.in_channels;
    plan.dispatch(site.node, kernel.over(&constants, invocations));
}

/// Copies a part of the channels of the output's gradient.
pub(super) fn take(
    site: &Site,
    dy: Slice,
    part: &Value,
    first_channel: usize,
    plan: &mut PlanBuilder,
) {
    let constants = constants(site, part, first_channel as u32, false);
    let kernel = BackwardInput { dy, dx: part.slice };
    let invocations = constants.positions * constants.in_channels;
    plan.dispatch(site.node, kernel.over(&constants, invocations));
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
