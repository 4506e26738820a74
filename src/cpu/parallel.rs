//! Work that is split over the cores.
//!
//! Outputs are split, sums never are, so that results do not depend on the number of
//! threads.

/// Multiply-adds below which a second thread costs more than it saves.
#[cfg(not(target_arch = "wasm32"))]
const FEW: usize = 1 << 18;

/// Threads that share this much work.
pub(crate) fn threads(multiply_adds: usize) -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    if multiply_adds >= FEW {
        return rayon::current_num_threads();
    }
    let _ = multiply_adds;
    1
}

/// Calls `work` with each chunk of `size` numbers and its index, on as many threads as
/// that many multiply-adds in all are worth.
pub(crate) fn each_chunk(
    numbers: &mut [f32],
    size: usize,
    multiply_adds: usize,
    work: impl Fn(usize, &mut [f32]) + Sync + Send,
) {
    #[cfg(not(target_arch = "wasm32"))]
    if threads(multiply_adds) > 1 && numbers.len() > size {
        use rayon::prelude::*;
        let chunks = numbers.par_chunks_mut(size).enumerate();
        return chunks.for_each(|(index, chunk)| work(index, chunk));
    }
    let _ = multiply_adds;
    for (index, chunk) in numbers.chunks_mut(size).enumerate() {
        work(index, chunk);
    }
}
