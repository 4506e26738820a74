//! Gradients of weights: sums over pixels of products of inputs and gradients.
//!
//! A tile of sums stays in registers, some inputs times one or two vectors of outputs,
//! while the pixels go by.

use fearless_simd::{Simd, prelude::*};

use crate::product::Pixel;
use crate::vectors::{load, multiply_add};

/// The pixels that are summed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gradient<'a> {
    pub x: &'a [f32],
    pub pixels: &'a [Pixel],
    /// `[pixels][block]`.
    pub dy: &'a [f32],
    /// One or two vectors.
    pub block: usize,
}

impl Gradient<'_> {
    /// Adds to `dweight`, `[inputs][block]`, the sums for neighbouring inputs that begin
    /// at `input`, counted from a pixel's first.
    #[inline(always)]
    pub fn add_to<S: Simd>(&self, simd: S, input: usize, dweight: &mut [f32]) {
        simd.vectorize(
            #[inline(always)]
            || match self.block / S::f32s::LEN {
                1 => self.all::<S, 1>(simd, input, dweight),
                _ => self.all::<S, 2>(simd, input, dweight),
            },
        );
    }

    #[inline(always)]
    fn all<S: Simd, const V: usize>(&self, simd: S, first: usize, dweight: &mut [f32]) {
        assert_eq!(
            self.block,
            V * S::f32s::LEN,
            "a block is one or two vectors"
        );
        let (mut input, mut rest) = (first, dweight);
        if S::f32s::LEN == 16 || V == 1 {
            (input, rest) = self.tiles::<S, V, 12>(simd, input, rest);
        }
        (input, rest) = self.tiles::<S, V, 6>(simd, input, rest);
        (input, rest) = self.tiles::<S, V, 3>(simd, input, rest);
        self.tiles::<S, V, 1>(simd, input, rest);
    }

    /// Adds tiles of `M` inputs; what is left of them.
    #[inline(always)]
    fn tiles<'d, S: Simd, const V: usize, const M: usize>(
        &self,
        simd: S,
        mut input: usize,
        dweight: &'d mut [f32],
    ) -> (usize, &'d mut [f32]) {
        let mut tiles = dweight.chunks_exact_mut(M * V * S::f32s::LEN);
        for dweight in &mut tiles {
            let sums = self.tile::<S, V, M>(simd, input);
            for (dweight, sums) in dweight.chunks_exact_mut(V * S::f32s::LEN).zip(sums) {
                for (dweight, sum) in dweight.chunks_exact_mut(S::f32s::LEN).zip(sums) {
                    (S::f32s::from_slice(simd, dweight) + sum).store_slice(dweight);
                }
            }
            input += M;
        }
        (input, tiles.into_remainder())
    }

    /// The sums for `M` inputs, by value, so that they stay in registers.
    #[inline(always)]
    fn tile<S: Simd, const V: usize, const M: usize>(
        &self,
        simd: S,
        input: usize,
    ) -> [[S::f32s; V]; M] {
        let x = self.x;
        let mut sums = [[S::f32s::splat(simd, 0.0); V]; M];
        let gradients = self.dy.chunks_exact(V * S::f32s::LEN);
        for (pixel, gradients) in self.pixels.iter().zip(gradients) {
            let gradients = load::<S, V>(simd, gradients);
            let x = &x[pixel.input + input..][..M];
            for (sums, x) in sums.iter_mut().zip(x) {
                multiply_add(simd, *x, gradients, sums);
            }
        }
        sums
    }
}

/// Copies a block of channels of each pixel of `dy` side by side, zeros for those that
/// the block lacks.
pub(crate) fn gather(dy: &[f32], channels: usize, outputs: usize, block: usize, to: &mut [f32]) {
    for (to, dy) in to.chunks_exact_mut(block).zip(dy.chunks(channels)) {
        let (to, padding) = to.split_at_mut(outputs);
        to.copy_from_slice(&dy[..outputs]);
        padding.fill(0.0);
    }
}
