//! Products of inputs and weights, the work of convolution and linear layers.
//!
//! The inputs of a pixel stand in a few runs of neighbouring numbers: those of a row of
//! the kernel's taps, or all inputs of a linear layer. A tile of sums stays in registers,
//! some pixels times one or two vectors of outputs, while the inputs go by:
//!
//! ```text
//!              block of outputs
//!             +--------+--------+
//!    weights  |   w0   |   w1   |   of one input
//!             +--------+--------+
//!  x of  [a]  | += a w0| += a w1|
//!  some  [b]  | += b w0| += b w1|
//! pixels [c]  | += c w0| += c w1|
//! ```

use std::ops::Range;

use fearless_simd::{Simd, prelude::*};

use crate::activation::activate;
use crate::vectors::{BLOCK, load, load_some, multiply_add, relu, store_some};

/// Where a pixel's inputs and outputs begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pixel {
    pub input: usize,
    pub output: usize,
}

/// Where neighbouring inputs begin: from the pixel's first, and their weights counted in
/// inputs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub input: usize,
    pub weight: usize,
}

/// What the sums begin with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start<'a> {
    /// A number for each output of the block.
    Bias(&'a [f32]),
    /// What stands in the output.
    Output,
}

/// The sums of one block of outputs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Product<'a> {
    pub x: &'a [f32],
    pub pixels: &'a [Pixel],
    pub runs: &'a [Run],
    /// Inputs of a run.
    pub run: usize,
    /// `[inputs][block]`.
    pub weights: &'a [f32],
    /// One or two vectors.
    pub block: usize,
    /// Outputs of the block that there are.
    pub outputs: usize,
    pub start: Start<'a>,
    /// Applied to the finished sums: 0 none, 1 ReLU, 2 sigmoid, 3 tanh.
    pub activation: usize,
}

/// Weights that a pass over the pixels takes at most, so that they stay in the first
/// cache.
const PASS: usize = 6144;

/// Inputs that a pass takes at most.
pub(crate) fn pass_inputs(block: usize) -> usize {
    PASS / block
}

/// The bias of one block from that of all; none is zero.
pub(crate) fn bias_of(bias: Option<&[f32]>, first: usize) -> [f32; BLOCK] {
    let mut block = [0.0; BLOCK];
    if let Some(bias) = bias {
        for (to, from) in block.iter_mut().zip(&bias[first..]) {
            *to = *from;
        }
    }
    block
}

impl Product<'_> {
    /// Computes the sums into `y`.
    #[inline(always)]
    pub fn compute<S: Simd>(&self, simd: S, y: &mut [f32]) {
        simd.vectorize(
            #[inline(always)]
            || match self.block / S::f32s::LEN {
                1 => self.passes::<S, 1>(simd, y),
                _ => self.passes::<S, 2>(simd, y),
            },
        );
        self.activate(y);
    }

    /// What is not applied to sums in registers.
    fn activate(&self, y: &mut [f32]) {
        if self.activation < 2 {
            return;
        }
        for pixel in self.pixels {
            for value in &mut y[pixel.output..][..self.outputs] {
                *value = activate(self.activation, *value);
            }
        }
    }

    #[inline(always)]
    fn passes<S: Simd, const V: usize>(&self, simd: S, y: &mut [f32]) {
        assert_eq!(
            self.block,
            V * S::f32s::LEN,
            "a block is one or two vectors"
        );
        // A pass takes some whole runs, or a part of one.
        let most = pass_inputs(self.block);
        let pieces = self.run.div_ceil(most);
        let piece = self.run.div_ceil(pieces);
        let count = (most / self.run).max(1);
        let mut start = self.start;
        for first in (0..self.runs.len()).step_by(count) {
            for input in (0..self.run).step_by(piece) {
                let runs = &self.runs[first..self.runs.len().min(first + count)];
                let inputs = input..self.run.min(input + piece);
                let last = first + runs.len() == self.runs.len() && inputs.end == self.run;
                let relu = last && self.activation == 1;
                self.pass::<S, V>(
                    simd,
                    &Pass {
                        runs,
                        inputs,
                        start,
                        relu,
                    },
                    y,
                );
                start = Start::Output;
            }
        }
    }

    #[inline(always)]
    fn pass<S: Simd, const V: usize>(&self, simd: S, pass: &Pass, y: &mut [f32]) {
        let mut rest = self.pixels;
        if REGISTERS >= 32 || S::f32s::LEN == 16 || V == 1 {
            rest = self.tiles::<S, V, 8>(simd, pass, rest, y);
        }
        rest = self.tiles::<S, V, 4>(simd, pass, rest, y);
        rest = self.tiles::<S, V, 2>(simd, pass, rest, y);
        self.tiles::<S, V, 1>(simd, pass, rest, y);
    }

    /// Computes tiles of `M` pixels; the pixels that are left.
    #[inline(always)]
    fn tiles<'p, S: Simd, const V: usize, const M: usize>(
        &self,
        simd: S,
        pass: &Pass,
        pixels: &'p [Pixel],
        y: &mut [f32],
    ) -> &'p [Pixel] {
        let (tiles, rest) = pixels.as_chunks::<M>();
        for pixels in tiles {
            let mut sums = match pass.start {
                Start::Bias(bias) => [load::<S, V>(simd, bias); M],
                Start::Output => {
                    let mut sums = [[S::f32s::splat(simd, 0.0); V]; M];
                    for (sums, pixel) in sums.iter_mut().zip(pixels) {
                        *sums = load_some(simd, &y[pixel.output..][..self.outputs]);
                    }
                    sums
                }
            };
            sums = self.accumulate(simd, pass, pixels, sums);
            if pass.relu {
                for sum in sums.iter_mut().flatten() {
                    *sum = relu(simd, *sum);
                }
            }
            for (sums, pixel) in sums.iter().zip(pixels) {
                store_some::<S, V>(sums, &mut y[pixel.output..][..self.outputs]);
            }
        }
        rest
    }

    /// The sums with the products of a pass added. They come and go by value, so that
    /// they stay in registers.
    #[inline(always)]
    fn accumulate<S: Simd, const V: usize, const M: usize>(
        &self,
        simd: S,
        pass: &Pass,
        pixels: &[Pixel; M],
        mut sums: [[S::f32s; V]; M],
    ) -> [[S::f32s; V]; M] {
        for run in pass.runs {
            let weights = &self.weights[(run.weight + pass.inputs.start) * self.block..];
            let weights = weights.chunks_exact(V * S::f32s::LEN);
            // Every row has as many numbers as the loop takes, so that no index is checked.
            let count = pass.inputs.len().min(weights.len());
            let mut rows: [&[f32]; M] = [&[]; M];
            for (row, pixel) in rows.iter_mut().zip(pixels) {
                *row = &self.x[pixel.input + run.input + pass.inputs.start..][..count];
            }
            for (input, weights) in (0..count).zip(weights) {
                let weights = load::<S, V>(simd, weights);
                for (sums, row) in sums.iter_mut().zip(rows) {
                    multiply_add(simd, row[input], weights, sums);
                }
            }
        }
        sums
    }

    /// Computes the sums of a single pixel of a single run into `y`: four independent
    /// sums of every fourth input hide how long an addition takes.
    #[inline(always)]
    pub fn compute_one<S: Simd>(&self, simd: S, y: &mut [f32]) {
        simd.vectorize(
            #[inline(always)]
            || match self.block / S::f32s::LEN {
                1 => self.one::<S, 1>(simd, y),
                _ => self.one::<S, 2>(simd, y),
            },
        );
        self.activate(y);
    }

    #[inline(always)]
    fn one<S: Simd, const V: usize>(&self, simd: S, y: &mut [f32]) {
        assert_eq!(
            self.block,
            V * S::f32s::LEN,
            "a block is one or two vectors"
        );
        let y = &mut y[self.pixels[0].output..][..self.outputs];
        let (fours, rest) = self.x[self.pixels[0].input..][..self.run].as_chunks::<4>();
        let (weights, last) = self.weights.split_at(4 * fours.len() * self.block);
        let mut sums = [[S::f32s::splat(simd, 0.0); V]; 4];
        sums[0] = match self.start {
            Start::Bias(bias) => load(simd, bias),
            Start::Output => load_some(simd, y),
        };
        for (four, weights) in fours.iter().zip(weights.chunks_exact(4 * V * S::f32s::LEN)) {
            let rows = weights.chunks_exact(V * S::f32s::LEN);
            for ((sums, weights), x) in sums.iter_mut().zip(rows).zip(four) {
                multiply_add(simd, *x, load::<S, V>(simd, weights), sums);
            }
        }
        for (x, weights) in rest.iter().zip(last.chunks_exact(V * S::f32s::LEN)) {
            multiply_add(simd, *x, load::<S, V>(simd, weights), &mut sums[0]);
        }
        let [mut sum, b, c, d] = sums;
        for (((sum, b), c), d) in sum.iter_mut().zip(b).zip(c).zip(d) {
            *sum = (*sum + b) + (c + d);
            if self.activation == 1 {
                *sum = relu(simd, *sum);
            }
        }
        store_some::<S, V>(&sum, y);
    }
}

/// A part of the inputs of all pixels.
struct Pass<'a> {
    runs: &'a [Run],
    /// Of each run.
    inputs: Range<usize>,
    start: Start<'a>,
    relu: bool,
}

/// Vector registers that any processor of this architecture has.
const REGISTERS: usize = if cfg!(target_arch = "aarch64") {
    32
} else {
    16
};
