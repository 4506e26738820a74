//! The mirror of `shaders/conv2d_backward_input.wgsl`.

use std::ops::Range;

use fearless_simd::{Simd, dispatch};

use crate::contract::conv2d_backward_input::{BackwardInput, Constants, Mirror, Transpose};
use crate::depthwise::Depthwise;
use crate::padding::{Geometry, Map, geometry};
use crate::parallel::{each_chunk, threads};
use crate::product::{Pixel, Product, Run, Start};
use crate::scratch::Scratch;
use crate::simd::Processor;
use crate::weights::Weights;

impl Mirror for Processor {
    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput {
            weight,
            weight_halves,
            dy,
            dx,
        } = arguments;
        let geometry = geometry!(constants);
        let outputs = constants.out_channels / constants.groups;
        let block = match geometry.inputs() > self.lanes() {
            true => 2 * self.lanes(),
            false => self.lanes(),
        };
        let inputs = geometry.inputs().next_multiple_of(block);
        let positions = geometry.row() / geometry.inputs();
        let depthwise = Depthwise::new(geometry, outputs);
        let mut transposed = Scratch::new(geometry.groups * inputs * positions * outputs);
        self.with_floats(
            constants,
            weight,
            weight_halves,
            |weight| match &depthwise {
                Some(layer) => transposed = layer.gather(weight, constants.block),
                None => transpose(constants, weight, block, false, &mut transposed),
            },
        );
        let layer = Layer {
            geometry,
            outputs,
            block,
            weights: &transposed,
            depthwise,
        };

        let [height, width] = geometry.input;
        let row = width * geometry.channels;
        let rows = constants.batch * height;
        let dx = &mut dx[..rows * row];
        if !constants.accumulate {
            dx.fill(0.0);
        }
        let pixels = constants.batch * geometry.pixels();
        let work = pixels * constants.out_channels * geometry.row();
        let share = rows.div_ceil(threads(work));
        each_chunk(dx, share * row, work, |index, dx| {
            let first = index * share;
            let rows = first..first + dx.len() / row;
            dispatch!(self.level, simd => layer.rows(simd, dy, rows, dx));
        });
    }

    fn transpose(&self, constants: &Constants, arguments: Transpose<'_>) {
        let Transpose {
            weight,
            weight_halves,
            transposed,
        } = arguments;
        self.with_floats(constants, weight, weight_halves, |weight| {
            transpose(
                constants,
                weight,
                constants.transposed_block,
                true,
                transposed,
            );
        });
    }
}

impl Processor {
    /// Calls `then` with the weights as floats.
    fn with_floats(
        &self,
        constants: &Constants,
        weight: &[f32],
        halves: &[u32],
        then: impl FnOnce(&[f32]),
    ) {
        let outputs = constants.out_channels / constants.groups;
        let elements = constants.groups
            * outputs.next_multiple_of(constants.block)
            * geometry!(constants).row();
        let bits = if constants.weight_f16 { 16 } else { 32 };
        let weights = Weights::new(bits, weight, halves, &[]);
        let mut scratch = weights.scratch(elements);
        then(dispatch!(self.level, simd => weights.floats(simd, 0..elements, &mut scratch)));
    }
}

/// Swaps inputs and outputs: `[groups][blocks of inputs][positions][outputs][block]`,
/// the positions backwards where they are `mirrored`.
fn transpose(
    constants: &Constants,
    weight: &[f32],
    block: usize,
    mirrored: bool,
    transposed: &mut [f32],
) {
    let geometry = geometry!(constants);
    let inputs = geometry.inputs();
    let outputs = constants.out_channels / constants.groups;
    let positions = geometry.row() / inputs;
    let group_elements = outputs.next_multiple_of(constants.block) * geometry.row();
    let blocks = inputs.div_ceil(block);
    for (index, rows) in transposed.chunks_exact_mut(outputs * block).enumerate() {
        let (index, position) = (index / positions, index % positions);
        let (group, first) = (index / blocks, index % blocks * block);
        if group >= geometry.groups {
            break;
        }
        let position = match mirrored {
            true => positions - 1 - position,
            false => position,
        };
        let weight = &weight[group * group_elements..][..group_elements];
        for (output, row) in rows.chunks_exact_mut(block).enumerate() {
            let (from, lane) = (output / constants.block, output % constants.block);
            let from = ((from * positions + position) * inputs + first) * constants.block + lane;
            let (row, padding) = row.split_at_mut(block.min(inputs - first));
            for (to, from) in row
                .iter_mut()
                .zip(weight[from..].iter().step_by(constants.block))
            {
                *to = *from;
            }
            padding.fill(0.0);
        }
    }
}

struct Layer<'a> {
    geometry: Geometry,
    /// Of a group.
    outputs: usize,
    /// Inputs that stand side by side.
    block: usize,
    /// Inputs and outputs swapped.
    weights: &'a [f32],
    depthwise: Option<Depthwise>,
}

/// What the positions of the input have in common that, along one axis, see the same taps
/// of the kernel: every `stride`-th one. With `position + padding = stride * q + rest` the
/// taps are those with `tap * dilation = stride * back + rest`, and each sees the output
/// `q - back`.
struct Phase {
    /// Positions of the input with their `q`.
    positions: Vec<(usize, usize)>,
    /// Taps with their `back`.
    taps: Vec<(usize, usize)>,
}

impl Layer<'_> {
    fn phases(&self, axis: usize, positions: Range<usize>) -> Vec<Phase> {
        let geometry = &self.geometry;
        let (stride, padding) = (geometry.stride[axis], geometry.padding[axis]);
        let of = |rest: usize| {
            let positions = positions.clone().map(|at| (at, at + padding));
            let taps = (0..geometry.kernel[axis]).map(|tap| (tap, tap * geometry.dilation[axis]));
            let same = move |(_, at): &(usize, usize)| at % stride == rest;
            let divided = move |(index, at): (usize, usize)| (index, at / stride);
            Phase {
                positions: positions.filter(same).map(divided).collect(),
                taps: taps.filter(same).map(divided).collect(),
            }
        };
        (0..stride).map(of).collect()
    }

    /// Adds to some rows of the batch, whose first one is the first of `dx`.
    #[inline(always)]
    fn rows<S: Simd>(&self, simd: S, dy: &[f32], rows: Range<usize>, dx: &mut [f32]) {
        let geometry = &self.geometry;
        let [height, width] = geometry.input;
        let row = width * geometry.channels;
        let sample_outputs = geometry.pixels() * self.outputs * geometry.groups;
        let mut first = rows.start;
        while first < rows.end {
            let sample = first / height;
            let end = rows.end.min((sample + 1) * height);
            let dy = &dy[sample * sample_outputs..][..sample_outputs];
            let dx = &mut dx[(first - rows.start) * row..][..(end - first) * row];
            let before = sample * height;
            let rows = first - before..end - before;
            match &self.depthwise {
                Some(layer) => layer.backward_input(simd, dy, self.weights, rows, dx),
                None => self.sample(simd, dy, rows, dx),
            }
            first = end;
        }
    }

    /// Adds to some rows of a sample.
    #[inline(always)]
    fn sample<S: Simd>(&self, simd: S, dy: &[f32], rows: Range<usize>, dx: &mut [f32]) {
        let geometry = &self.geometry;
        let [_, width] = geometry.input;
        let (inputs, outputs) = (geometry.inputs(), self.outputs);
        // The outputs that any of these positions sees.
        let back = |axis: usize| {
            (geometry.kernel[axis] - 1) * geometry.dilation[axis] / geometry.stride[axis]
        };
        let back = [back(0), back(1)];
        let q = |axis: usize, at: usize| (at + geometry.padding[axis]) / geometry.stride[axis];
        let first = [q(0, rows.start), q(1, 0)];
        let last = [q(0, rows.end - 1), q(1, width - 1)];
        let pitch = (last[1] - first[1] + 1 + back[1]) * outputs;
        let mut copy = Scratch::new((last[0] - first[0] + 1 + back[0]) * pitch);
        let origin = [0, 1].map(|axis| first[axis] as isize - back[axis] as isize);
        let map = Map {
            numbers: dy,
            size: geometry.output,
            channels: outputs * geometry.groups,
        };

        let down = self.phases(0, rows.clone());
        let across = self.phases(1, 0..width);
        let blocks = inputs.div_ceil(self.block);
        let elements = geometry.kernel[0] * geometry.kernel[1] * outputs * self.block;
        for group in 0..geometry.groups {
            map.copy(
                group * outputs..(group + 1) * outputs,
                origin,
                pitch,
                &mut copy,
            );
            for (down, across) in down
                .iter()
                .flat_map(|down| across.iter().map(move |across| (down, across)))
            {
                let mut pixels = Vec::new();
                for (i, y) in &down.positions {
                    pixels.extend(across.positions.iter().map(|(j, x)| Pixel {
                        input: (y - first[0]) * pitch + (x - first[1]) * outputs,
                        output: ((i - rows.start) * width + j) * geometry.channels,
                    }));
                }
                let mut runs = Vec::new();
                for (ky, y) in &down.taps {
                    runs.extend(across.taps.iter().map(|(kx, x)| Run {
                        input: (back[0] - y) * pitch + (back[1] - x) * outputs,
                        weight: (ky * geometry.kernel[1] + kx) * outputs,
                    }));
                }
                for block in 0..blocks {
                    let first = block * self.block;
                    let product = Product {
                        x: &copy,
                        pixels: &pixels,
                        runs: &runs,
                        run: outputs,
                        weights: &self.weights[(group * blocks + block) * elements..][..elements],
                        block: self.block,
                        outputs: self.block.min(inputs - first),
                        start: Start::Output,
                        activation: 0,
                    };
                    product.compute(simd, &mut dx[group * inputs + first..]);
                }
            }
        }
    }
}
