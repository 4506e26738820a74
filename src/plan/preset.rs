//! Block sizes of the kernels, for a software driver and for a GPU. Shapes that
//! feed a GPU starve a CPU and the other way round (ARCHITECTURE.md has the
//! measurements), so this table is the only place that knows of both.

use crate::gpu::DeviceKind;

/// Block sizes of the kernels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// `cpu` or `gpu`.
    pub name: &'static str,
}

impl Preset {
    /// For drivers in software: few lanes, large blocks in registers.
    pub const CPU: Self = Self { name: "cpu" };

    /// For GPUs: many lanes, small blocks.
    pub const GPU: Self = Self { name: "gpu" };

    /// The preset for a kind of device.
    pub fn of(kind: DeviceKind) -> Self {
        match kind {
            DeviceKind::Cpu => Self::CPU,
            _ => Self::GPU,
        }
    }
}
