//! The processor and its vectors.

use fearless_simd::{Level, Simd, dispatch, prelude::*};

/// What computes: the widest vectors that this processor has.
#[derive(Debug, Clone, Copy)]
pub struct Processor {
    pub(crate) level: Level,
}

impl Processor {
    /// Asks the processor, once.
    pub fn detect() -> Self {
        Self {
            level: Level::new(),
        }
    }

    /// Name of the instruction set.
    pub fn name(&self) -> &'static str {
        match self.level {
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Level::Avx512(_) => "AVX-512",
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Level::Avx2(_) => "AVX2",
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Level::Sse4_2(_) => "SSE4.2",
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Level::Sse2(_) => "SSE2",
            #[cfg(target_arch = "aarch64")]
            Level::Neon(_) => "NEON",
            #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
            Level::WasmSimd128(_) => "relaxed SIMD",
            #[cfg(all(
                target_arch = "wasm32",
                target_feature = "simd128",
                not(target_feature = "relaxed-simd")
            ))]
            Level::WasmSimd128(_) => "SIMD",
            _ => "scalar",
        }
    }

    /// Numbers of a vector: 4, 8 or 16.
    pub fn lanes(&self) -> usize {
        fn lanes<S: Simd>(_: S) -> usize {
            S::f32s::LEN
        }
        dispatch!(self.level, simd => lanes(simd))
    }

    /// Threads that compute.
    pub fn threads(&self) -> usize {
        crate::parallel::threads(usize::MAX)
    }

    /// Every instruction set that this processor has, the widest first.
    pub fn all() -> Vec<Self> {
        let best = Level::new();
        #[cfg(target_arch = "x86_64")]
        let narrower = [
            best.as_avx2().map(Level::Avx2),
            best.as_sse4_2().map(Level::Sse4_2),
            best.as_sse2().map(Level::Sse2),
        ];
        #[cfg(not(target_arch = "x86_64"))]
        let narrower = [None];
        let levels = [best].into_iter().chain(narrower.into_iter().flatten());
        let mut processors: Vec<Self> = levels.map(|level| Self { level }).collect();
        processors.dedup_by_key(|processor| processor.name());
        processors
    }
}
