//! One or two vectors of numbers: those of a block of outputs.

use fearless_simd::{Simd, prelude::*};

/// Most outputs of a block.
pub(crate) const BLOCK: usize = 32;

/// Adds the products of a number and some weights.
#[inline(always)]
pub(crate) fn multiply_add<S: Simd, const V: usize>(
    simd: S,
    x: f32,
    weights: [S::f32s; V],
    sums: &mut [S::f32s; V],
) {
    let x = S::f32s::splat(simd, x);
    for (sum, weight) in sums.iter_mut().zip(weights) {
        *sum = x.mul_add(weight, *sum);
    }
}

/// Unlike `max`, this lets NaN through.
#[inline(always)]
pub(crate) fn relu<S: Simd>(simd: S, value: S::f32s) -> S::f32s {
    let zero = S::f32s::splat(simd, 0.0);
    value.simd_lt(zero).select(zero, value)
}

/// The first numbers of a block.
#[inline(always)]
pub(crate) fn load<S: Simd, const V: usize>(simd: S, numbers: &[f32]) -> [S::f32s; V] {
    let mut vectors = [S::f32s::splat(simd, 0.0); V];
    for (vector, numbers) in vectors.iter_mut().zip(numbers.chunks_exact(S::f32s::LEN)) {
        *vector = S::f32s::from_slice(simd, numbers);
    }
    vectors
}

/// The numbers of a block that may lack its last ones.
#[inline(always)]
pub(crate) fn load_some<S: Simd, const V: usize>(simd: S, numbers: &[f32]) -> [S::f32s; V] {
    if numbers.len() == V * S::f32s::LEN {
        return load(simd, numbers);
    }
    let mut whole = [0.0; BLOCK];
    whole[..numbers.len()].copy_from_slice(numbers);
    load(simd, &whole)
}

/// Writes a block that may lack its last numbers.
#[inline(always)]
pub(crate) fn store_some<S: Simd, const V: usize>(vectors: &[S::f32s; V], numbers: &mut [f32]) {
    if numbers.len() == V * S::f32s::LEN {
        for (vector, numbers) in vectors.iter().zip(numbers.chunks_exact_mut(S::f32s::LEN)) {
            vector.store_slice(numbers);
        }
        return;
    }
    for (vector, numbers) in vectors.iter().zip(numbers.chunks_mut(S::f32s::LEN)) {
        numbers.copy_from_slice(&vector.as_slice()[..numbers.len()]);
    }
}
