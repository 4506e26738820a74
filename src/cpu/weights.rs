//! Weights in the formats that they are kept in.

use std::ops::Range;

use fearless_simd::{Simd, prelude::*, u8x16};
#[cfg(target_arch = "x86_64")]
use fearless_simd::{f32x8, u16x8};

use crate::scratch::Scratch;

/// The weights of a layer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Weights<'a> {
    /// 32-bit floats.
    Floats(&'a [f32]),
    /// 16-bit floats.
    Halves(&'a [u16]),
    /// 4-bit indices into a codebook of 16 values, two in a byte, the first in the low half.
    Codes(&'a [u8], &'a [f32]),
}

impl<'a> Weights<'a> {
    /// Weights of 32, 16 or 4 bits, bound as floats and as words.
    pub fn new(bits: usize, floats: &'a [f32], words: &'a [u32], codebook: &'a [f32]) -> Self {
        match bits {
            32 => Self::Floats(floats),
            16 => Self::Halves(bytemuck::cast_slice(words)),
            _ => Self::Codes(bytemuck::cast_slice(words), codebook),
        }
    }

    /// Room to widen this many of the weights.
    pub fn scratch(&self, count: usize) -> Scratch {
        match self {
            Self::Floats(_) => Scratch::new(0),
            _ => Scratch::new(count),
        }
    }

    /// Some of the weights as floats: where they stand, or widened into the scratch. A
    /// range of codes begins and ends with a byte.
    #[inline(always)]
    pub fn floats<'b, S: Simd>(
        &self,
        simd: S,
        range: Range<usize>,
        scratch: &'b mut [f32],
    ) -> &'b [f32]
    where
        'a: 'b,
    {
        match *self {
            Self::Floats(weights) => &weights[range],
            Self::Halves(halves) => {
                let scratch = &mut scratch[..range.len()];
                #[cfg(target_arch = "x86_64")]
                if let Some(avx2) = simd.level().as_avx2() {
                    widen_avx2(avx2, &halves[range], scratch);
                    return scratch;
                }
                simd.vectorize(
                    #[inline(always)]
                    || widen_all(&halves[range], scratch),
                );
                scratch
            }
            Self::Codes(codes, codebook) => {
                let scratch = &mut scratch[..range.len()];
                let codes = &codes[range.start / 2..range.end / 2];
                simd.vectorize(
                    #[inline(always)]
                    || look_up(simd, codes, codebook, scratch),
                );
                scratch
            }
        }
    }
}

#[inline(always)]
fn widen_all(halves: &[u16], floats: &mut [f32]) {
    for (float, half) in floats.iter_mut().zip(halves) {
        *float = widen(*half);
    }
}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// The processor's own instruction, four times as fast.
    fn widen_avx2(avx2: Avx2, halves: &[u16], floats: &mut [f32]) {
        let (eights, rest) = halves.as_chunks::<8>();
        let (wide, last) = floats.split_at_mut(8 * eights.len());
        for (halves, floats) in eights.iter().zip(wide.chunks_exact_mut(8)) {
            let halves = u16x8::from_slice(avx2, halves);
            let wide: f32x8<_> = std::arch::x86_64::_mm256_cvtph_ps(halves.into()).simd_into(avx2);
            wide.store_slice(floats);
        }
        widen_all(rest, last);
    }
);

/// The float of a half.
#[inline(always)]
fn widen(half: u16) -> f32 {
    /// What the exponent of a half lacks to that of a float, in its place.
    const BIAS: u32 = (127 - 15) << 23;
    const SMALLEST: u32 = BIAS + (1 << 23);
    let half = u32::from(half);
    let sign = (half & 0x8000) << 16;
    let bits = (half & 0x7fff) << 13;
    let value = match half & 0x7c00 {
        // Infinities and NaN.
        0x7c00 => bits | 0x7f80_0000,
        // Subnormal numbers have no leading one.
        0 => (f32::from_bits(bits + SMALLEST) - f32::from_bits(SMALLEST)).to_bits(),
        _ => bits + BIAS,
    };
    f32::from_bits(sign | value)
}

/// The values of codes. Each of a value's four bytes is looked up on its own, as many
/// codes at once as a vector has bytes.
#[inline(always)]
fn look_up<S: Simd>(simd: S, codes: &[u8], codebook: &[f32], values: &mut [f32]) {
    let mut planes = [S::u8s::splat(simd, 0); 4];
    for (byte, plane) in planes.iter_mut().enumerate() {
        let bytes = u8x16::from_fn(simd, |code| codebook[code].to_le_bytes()[byte]);
        *plane = S::u8s::block_splat(bytes);
    }
    let vectors = codes.chunks_exact(S::u8s::LEN);
    let rest = vectors.remainder();
    let (whole, last) = values.split_at_mut(2 * (codes.len() - rest.len()));
    for (codes, values) in vectors.zip(whole.chunks_exact_mut(2 * S::u8s::LEN)) {
        let codes = S::u8s::from_slice(simd, codes);
        let (low, high) = (codes & 15).interleave(codes >> 4);
        let (first, second) = values.split_at_mut(S::u8s::LEN);
        look_up_vector(simd, &planes, low, first);
        look_up_vector(simd, &planes, high, second);
    }
    for (code, values) in rest.iter().zip(last.chunks_exact_mut(2)) {
        values[0] = codebook[usize::from(code & 15)];
        values[1] = codebook[usize::from(code >> 4)];
    }
}

#[inline(always)]
fn look_up_vector<S: Simd>(_: S, planes: &[S::u8s; 4], codes: S::u8s, values: &mut [f32]) {
    let [a, b, c, d] = *planes;
    let (a, b) = (
        a.swizzle_dyn_within_blocks(codes),
        b.swizzle_dyn_within_blocks(codes),
    );
    let (c, d) = (
        c.swizzle_dyn_within_blocks(codes),
        d.swizzle_dyn_within_blocks(codes),
    );
    let (low0, low1) = a.interleave(b);
    let (high0, high1) = c.interleave(d);
    for (half, (low, high)) in [(low0, high0), (low1, high1)].into_iter().enumerate() {
        let low: S::u16s = low.bitcast();
        let high: S::u16s = high.bitcast();
        let (first, second) = low.interleave(high);
        let first: S::f32s = first.bitcast();
        let second: S::f32s = second.bitcast();
        let values = &mut values[half * 2 * S::f32s::LEN..][..2 * S::f32s::LEN];
        let (to_first, to_second) = values.split_at_mut(S::f32s::LEN);
        first.store_slice(to_first);
        second.store_slice(to_second);
    }
}
