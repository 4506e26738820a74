//! Shares of a dispatch: which outputs of a convolution or a linear layer each of
//! several workers computes, as dispatches of the same kernel with fewer outputs.

use std::ops::Range;

use super::helper::{Part, Task};
use crate::kernels::{Dispatch, Slice};

/// Multiply-adds from which on a share is worth its messages.
const WORTH: f64 = 8e6;
/// What a weight of a linear layer costs against one of a convolution: it is read once.
const LINEAR_COST: f64 = 4.0;

/// A share that stands alone: a run of neighbouring outputs.
#[derive(Debug, Clone)]
pub(super) struct Share {
    /// Overrides of the kernel, in their order.
    constants: Vec<f64>,
    /// Channels of the input that it reads: all, or those of a group.
    pub inputs: Range<usize>,
    /// Channels of the output that it writes.
    pub outputs: Range<usize>,
    /// Its part of the weight's buffer.
    pub weight: Part,
    /// Its part of the bias's buffer; of the weight's, where there is no bias.
    pub bias: Part,
}

/// A dispatch that can be shared out.
#[derive(Debug, Clone)]
pub(super) struct Shared<'a> {
    dispatch: &'a Dispatch,
    /// Pixels of the input, samples included, and their channels.
    pub input: [usize; 2],
    /// The same of the output.
    pub output: [usize; 2],
    /// Where the input stands.
    pub x: Slice,
    /// Where the output stands.
    pub y: Slice,
    /// The codebook, where weights are codes.
    pub codebook: Option<Slice>,
}

impl<'a> Shared<'a> {
    /// `None` for a dispatch that is not worth it, or of a kind that is not shared out.
    pub fn of(dispatch: &'a Dispatch) -> Option<Self> {
        let number = |name| constant(dispatch, name) as usize;
        let kernel = (dispatch.kernel.source.name, dispatch.kernel.entry_point);
        let (input, output, cost) = match kernel {
            ("conv2d", "forward") => {
                let batch = number("BATCH");
                let input = [
                    batch * number("IN_HEIGHT") * number("IN_WIDTH"),
                    number("IN_CHANNELS"),
                ];
                let output = [
                    batch * number("OUT_HEIGHT") * number("OUT_WIDTH"),
                    number("OUT_CHANNELS"),
                ];
                let row =
                    number("KERNEL_HEIGHT") * number("KERNEL_WIDTH") * input[1] / number("GROUPS");
                (
                    input,
                    output,
                    output[0] as f64 * output[1] as f64 * row as f64,
                )
            }
            ("linear", "forward") => {
                let input = [number("BATCH"), number("IN_FEATURES")];
                let output = [number("BATCH"), number("OUT_FEATURES")];
                let products = input[1] as f64 * output[1] as f64;
                (input, output, products * input[0] as f64 * LINEAR_COST)
            }
            _ => return None,
        };
        let [x, y] = ["x", "y"].map(|name| *bound(dispatch, name));
        let codes = kernel.0 == "linear" && number("WEIGHT_BITS") == 4;
        (cost >= WORTH).then(|| Self {
            dispatch,
            input,
            output,
            x,
            y,
            codebook: codes.then(|| *bound(dispatch, "codebook")),
        })
    }

    /// The shares of each of `workers`: whole blocks of outputs, as even as may be.
    pub fn shares(&self, workers: usize) -> Vec<Vec<Share>> {
        let number = |name| constant(self.dispatch, name) as usize;
        let block = number("TILE_OUTPUTS") * number("OUTPUT_LANES");
        let is_linear = self.dispatch.kernel.source.name == "linear";
        let (groups, first, outputs, row, bits) = match is_linear {
            true => (
                1,
                number("FIRST_OUTPUT"),
                number("OUTPUTS"),
                self.input[1],
                number("WEIGHT_BITS"),
            ),
            false => {
                let groups = number("GROUPS");
                let row = number("KERNEL_HEIGHT") * number("KERNEL_WIDTH") * self.input[1] / groups;
                let bits = 32 >> number("WEIGHT_F16");
                (groups, 0, self.output[1] / groups, row, bits)
            }
        };
        let blocks = outputs.div_ceil(block);
        let share = |group: usize, own: Range<usize>| {
            let channels = own.start * block..outputs.min(own.end * block);
            let count = channels.len();
            let constants = self
                .dispatch
                .constants
                .iter()
                .map(|(name, value)| match *name {
                    "OUT_CHANNELS" | "OUT_FEATURES" | "OUTPUTS" => count as f64,
                    "IN_CHANNELS" => (self.input[1] / groups) as f64,
                    "GROUPS" => 1.0,
                    "FIRST_OUTPUT" => 0.0,
                    _ => *value,
                });
            let within = |name, bytes_of_a_block: usize, from: usize| {
                let Part(buffer, offset, _) = Part::of(bound(self.dispatch, name));
                let first = group * blocks + own.start;
                Part(
                    buffer,
                    offset + from + first * bytes_of_a_block,
                    own.len() * bytes_of_a_block,
                )
            };
            let weight = within("weight", row * block * bits / 8, 0);
            let has_bias = constant(self.dispatch, "HAS_BIAS") != 0.0;
            let inputs = self.input[1] / groups;
            let first_output = first + group * outputs;
            Share {
                constants: constants.collect(),
                inputs: group * inputs..(group + 1) * inputs,
                outputs: first_output + channels.start..first_output + channels.end,
                bias: match has_bias {
                    true => within("bias", block * 4, first * 4),
                    false => weight,
                },
                weight,
            }
        };
        let units = groups * blocks;
        let edge = |worker: usize| worker * units / workers;
        (0..workers)
            .map(|worker| {
                let (start, end) = (edge(worker), edge(worker + 1));
                let of_group = |group: usize| {
                    let own = start.max(group * blocks)..end.min((group + 1) * blocks);
                    let own = own.start.saturating_sub(group * blocks)
                        ..own.end.saturating_sub(group * blocks);
                    (!own.is_empty()).then(|| share(group, own))
                };
                (0..groups).filter_map(of_group).collect()
            })
            .collect()
    }

    /// The dispatch of a share whose tensors stand elsewhere.
    pub fn task(&self, share: &Share, at: impl Fn(&str) -> Part) -> Task {
        Task {
            shader: self.dispatch.kernel.source.name.to_owned(),
            entry_point: self.dispatch.kernel.entry_point.to_owned(),
            constants: share.constants.clone(),
            bindings: self
                .dispatch
                .kernel
                .names
                .iter()
                .map(|name| at(name))
                .collect(),
        }
    }
}

fn constant(dispatch: &Dispatch, name: &str) -> f64 {
    let found = dispatch.constants.iter().find(|(known, _)| *known == name);
    found.expect("a constant of the kernel").1
}

fn bound<'a>(dispatch: &'a Dispatch, name: &str) -> &'a Slice {
    let index = dispatch
        .kernel
        .names
        .iter()
        .position(|known| *known == name);
    &dispatch.bindings[index.expect("a binding of the kernel")]
}
