//! Backward of a convolution: weight, bias and input gradients.

use super::conv2d::parts;
use super::parameter::part_of_bias;
use super::{
    Chunk, Gradient, Gradients, Lower, PlanBuilder, PlannedParameter, Site, Storage, Value, concat,
};
use crate::error::Result;
use crate::kernels::{Slice, grid};
use crate::kernels::{add, bias, conv2d_backward_input, conv2d_backward_weight};
use crate::layers::{Conv2d, Window};

/// Adds the dispatches of all gradients.
pub(super) fn backward(
    layer: &Conv2d,
    site: &Site,
    gradients: &Gradients,
    plan: &mut PlanBuilder,
) -> Result<()> {
    if weight(site).each().len() > 1 {
        return backward_in_parts(layer, site, gradients, plan);
    }
    if !gradients.parameters.is_empty() {
        backward_weight(layer, site, gradients, plan)?;
        if layer.bias {
            backward_bias(layer, site, gradients, plan);
        }
    }
    match gradients.inputs[0] {
        None => Ok(()),
        Some(dx) => match transposed(layer) {
            Some(transposed) if !dx.accumulate => {
                convolve_back(layer, &transposed, site, gradients.output, dx.slice, plan)
            }
            Some(transposed) => {
                let bytes = dx.slice.bytes;
                let scratch = plan.buffer("input gradient of a convolution", bytes)?;
                convolve_back(layer, &transposed, site, gradients.output, scratch, plan)?;
                let constants = add::Constants {
                    elements: (bytes / 4) as u32,
                    accumulate: true,
                };
                let kernel = add::BackwardInput {
                    dy: scratch,
                    dx: dx.slice,
                };
                plan.dispatch(site.node, kernel.over(&constants, constants.elements));
                Ok(())
            }
            None => {
                let constants = input_constants(layer, site, 4, dx.accumulate);
                let weight = weight(site).one(plan.target())?;
                let kernel = conv2d_backward_input::BackwardInput {
                    weight,
                    weight_halves: weight,
                    dy: gradients.output,
                    dx: dx.slice,
                };
                let [height, width, channels] = site.input().map();
                let invocations = site.batch as u32 * height * width * channels;
                plan.dispatch(site.node, kernel.over(&constants, invocations));
                Ok(())
            }
        },
    }
}

/// Adds the gradients of a convolution whose weight is split, part by part: each reads
/// its channels of `dy`, and later ones add to the `dx` of the first.
fn backward_in_parts(
    layer: &Conv2d,
    site: &Site,
    gradients: &Gradients,
    plan: &mut PlanBuilder,
) -> Result<()> {
    for (index, part) in parts(layer, site, plan)?.into_iter().enumerate() {
        let dy = &part.site.output;
        concat::take(site, gradients.output, dy, part.outputs.start, plan);
        let mut parameters = Vec::new();
        if let Some(chunks) = gradients.parameters.first() {
            parameters.push(vec![chunks[index]]);
        }
        if let Some(dbias) = gradients.parameters.get(1) {
            let part = part_of_bias(weight(site), &part.outputs, dbias[0], plan.target())?;
            parameters.push(vec![part]);
        }
        let dx = gradients.inputs[0].map(|dx| Gradient {
            accumulate: dx.accumulate || index > 0,
            ..dx
        });
        let own = Gradients {
            output: dy.slice,
            inputs: vec![dx],
            parameters,
            guided: gradients.guided,
        };
        backward(&part.layer, &part.site, &own, plan)?;
    }
    Ok(())
}

/// The convolution over `dy` that gives `dx`, where there is one: taps mirrored,
/// inputs and outputs swapped, so that what forward skipped at the start of a
/// row is skipped at its end.
fn transposed(layer: &Conv2d) -> Option<impl Fn(usize) -> Conv2d> {
    let window = layer.window.clone();
    let margin = |axis: usize| {
        (window.dilation[axis] * (window.kernel[axis] - 1)).checked_sub(window.padding[axis])
    };
    let (top, left) = (margin(0)?, margin(1)?);
    let groups = layer.groups;
    (window.stride == [1, 1]).then_some(move |in_channels| Conv2d {
        out_channels: in_channels,
        window: Window {
            padding: [top, left, top, left],
            ceil_mode: false,
            ..window.clone()
        },
        groups,
        bias: false,
    })
}

/// Plans `dx` as a forward convolution over `dy`, so that it is as fast as one.
fn convolve_back(
    layer: &Conv2d,
    transposed: &impl Fn(usize) -> Conv2d,
    site: &Site,
    dy: Slice,
    dx: Slice,
    plan: &mut PlanBuilder,
) -> Result<()> {
    let transposed = transposed(site.input().map()[2] as usize);
    let packing = transposed
        .packing(&[&site.output.shape], plan.target().preset)
        .expect("a convolution has a packing");
    let slice = plan.buffer("transposed weight", packing.bytes(Storage::F32))?;
    let constants = input_constants(layer, site, packing.block as u32, false);
    let of_layer = weight(site).one(plan.target())?;
    let kernel = conv2d_backward_input::Transpose {
        weight: of_layer,
        weight_halves: of_layer,
        transposed: slice,
    };
    let invocations = packing.elements() as u32;
    plan.dispatch(site.node, kernel.over(&constants, invocations));

    let forward = weight(site);
    let swapped = Site {
        activation: None,
        inputs: vec![Value {
            shape: site.output.shape.clone(),
            slice: dy,
        }],
        output: Value {
            shape: site.input().shape.clone(),
            slice: dx,
        },
        parameters: vec![PlannedParameter {
            packing,
            storage: Storage::F32,
            chunks: vec![Chunk {
                outputs: 0..packing.groups * packing.outputs,
                slice,
            }],
            ..forward.clone()
        }],
        ..site.clone()
    };
    transposed.forward(&swapped, plan)
}

fn backward_weight(
    layer: &Conv2d,
    site: &Site,
    gradients: &Gradients,
    plan: &mut PlanBuilder,
) -> Result<()> {
    let input = input_constants(layer, site, 4, false);
    let packing = weight(site).packing;
    let preset = plan.target().preset.conv2d;
    let tile_outputs = preset.output_tile(packing.outputs).outputs;
    let [tile_channels, tile_columns] = preset.weight_tile(packing.inputs, input.out_width);
    let lanes = (packing.groups * packing.blocks() * packing.block) as u32 / tile_outputs
        * (packing.inputs as u32).div_ceil(tile_channels)
        * input.kernel_width.div_ceil(conv2d_backward_weight::TAPS)
        * input.kernel_height;
    let most = plan.target().max_binding_bytes / packing.bytes(Storage::F32);
    let splits = preset
        .weight_lanes
        .div_ceil(lanes)
        .min(site.batch as u32)
        .min(most as u32)
        .max(1);
    let constants = conv2d_backward_weight::Constants {
        batch: input.batch,
        in_height: input.in_height,
        in_width: input.in_width,
        in_channels: input.in_channels,
        out_height: input.out_height,
        out_width: input.out_width,
        out_channels: input.out_channels,
        groups: input.groups,
        block: input.block,
        kernel_height: input.kernel_height,
        kernel_width: input.kernel_width,
        stride_height: input.stride_height,
        stride_width: input.stride_width,
        padding_top: input.padding_top,
        padding_left: input.padding_left,
        dilation_height: input.dilation_height,
        dilation_width: input.dilation_width,
        tile_outputs,
        tile_channels,
        tile_columns,
        splits,
    };
    let dweight = gradients.parameters[0][0];
    let parts = match splits {
        1 => dweight,
        _ => plan.buffer(
            "parts of a weight gradient",
            u64::from(splits) * packing.bytes(Storage::F32),
        )?,
    };
    let kernel = conv2d_backward_weight::BackwardWeight {
        x: site.input().slice,
        x_vectors: site.input().slice,
        dy: gradients.output,
        dy_vectors: gradients.output,
        parts,
    };
    let invocations = lanes * splits;
    plan.dispatch(site.node, kernel.over(&constants, invocations));
    if splits > 1 {
        let kernel = conv2d_backward_weight::Reduce {
            summands: parts,
            dweight,
        };
        let invocations = packing.elements() as u32;
        plan.dispatch(site.node, kernel.over(&constants, invocations));
    }
    Ok(())
}

fn backward_bias(layer: &Conv2d, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) {
    let [height, width, channels] = site.output.map();
    let constants = bias::Constants {
        positions: site.batch as u32 * height * width,
        channels,
        groups: layer.groups as u32,
        block: weight(site).packing.block as u32,
    };
    let packing = weight(site).packing.bias();
    let kernel = bias::BackwardBias {
        dy: gradients.output,
        dy_vectors: gradients.output,
        dbias: gradients.parameters[1][0],
    };
    let grid = grid((packing.elements() / 4) as u32, 1);
    plan.dispatch(site.node, kernel.dispatch(&constants, grid));
}

fn weight(site: &Site) -> &PlannedParameter {
    site.parameter("weight").expect("a convolution has one")
}

fn input_constants(
    layer: &Conv2d,
    site: &Site,
    transposed_block: u32,
    accumulate: bool,
) -> conv2d_backward_input::Constants {
    let [in_height, in_width, in_channels] = site.input().map();
    let [out_height, out_width, out_channels] = site.output.map();
    let window = &layer.window;
    conv2d_backward_input::Constants {
        batch: site.batch as u32,
        in_height,
        in_width,
        in_channels,
        out_height,
        out_width,
        out_channels,
        groups: layer.groups as u32,
        block: weight(site).packing.block as u32,
        transposed_block,
        kernel_height: window.kernel[0] as u32,
        kernel_width: window.kernel[1] as u32,
        stride_height: window.stride[0] as u32,
        stride_width: window.stride[1] as u32,
        padding_top: window.padding[0] as u32,
        padding_left: window.padding[1] as u32,
        dilation_height: window.dilation[0] as u32,
        dilation_width: window.dilation[1] as u32,
        weight_f16: weight(site).storage == Storage::F16,
        accumulate,
    }
}
