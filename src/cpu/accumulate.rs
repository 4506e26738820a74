//! Gradients of several consumers of a value: the first sets, the others add.

/// Sets each number, or adds to what stands there.
pub fn store(dx: &mut [f32], accumulate: bool, gradients: impl IntoIterator<Item = f32>) {
    for (dx, gradient) in dx.iter_mut().zip(gradients) {
        *dx = if accumulate { *dx + gradient } else { gradient };
    }
}
