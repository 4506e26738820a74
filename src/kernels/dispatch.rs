//! Kernels and dispatches as plain data: described by a plan, run by an
//! [`Executable`](crate::engine::Executable).

/// WebGPU's limit for each dimension of a grid.
pub const WORKGROUPS_PER_DIMENSION: u32 = 65_535;

/// Workgroups that give at least this many invocations: along x, and along y where x
/// alone would exceed [`WORKGROUPS_PER_DIMENSION`].
pub fn grid(invocations: u32, workgroup_size: u32) -> [u32; 3] {
    let workgroups = invocations.div_ceil(workgroup_size);
    let rows = workgroups.div_ceil(WORKGROUPS_PER_DIMENSION);
    [workgroups.div_ceil(rows.max(1)), rows, 1]
}

/// A shader file.
#[derive(Debug, PartialEq, Eq)]
pub struct ShaderSource {
    /// Name of the file without its ending.
    pub name: &'static str,
    /// The WGSL; on the page without comments and indentation.
    pub wgsl: &'static str,
}

/// How a kernel uses a binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A storage buffer that is only read.
    Read,
    /// A storage buffer that is written.
    ReadWrite,
    /// A uniform buffer.
    Uniform,
}

/// An entry point of a shader with its binding numbers, in order.
#[derive(Debug, PartialEq, Eq)]
pub struct Kernel {
    /// The file it stands in.
    pub source: &'static ShaderSource,
    /// The function's name.
    pub entry_point: &'static str,
    /// Binding number and access, ascending.
    pub bindings: &'static [(u32, Access)],
    /// Their names in the shader.
    pub names: &'static [&'static str],
    /// Whether parts of its grid can run by themselves: it takes `first_workgroup`.
    pub divisible: bool,
}

/// Index of a buffer in its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BufferId(pub usize);

/// What the offset of a binding is a multiple of, by WebGPU's default limits.
pub const OFFSET_ALIGNMENT: u64 = 256;

/// A range of a buffer, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// The buffer.
    pub buffer: BufferId,
    /// First byte; a multiple of [`OFFSET_ALIGNMENT`].
    pub offset: u64,
    /// Number of bytes.
    pub bytes: u64,
}

/// One run of a kernel.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispatch {
    /// What runs.
    pub kernel: &'static Kernel,
    /// Values of the overrides, by name.
    pub constants: Vec<(&'static str, f64)>,
    /// What is bound, in the order of [`Kernel::bindings`].
    pub bindings: Vec<Slice>,
    /// Number of workgroups along x, y and z.
    pub workgroups: [u32; 3],
}

impl Dispatch {
    /// How many workgroups can run by themselves; 1 for all of them at once.
    pub fn parts(&self) -> u32 {
        match self.kernel.divisible {
            true => self.workgroups.iter().product(),
            false => 1,
        }
    }
}
