//! The contract between plans and engines: kernels, dispatches and slices as plain
//! data. A plan lists dispatches; either engine (`gpu`, `cpu`) runs
//! the same list.

mod dispatch;

pub use dispatch::{
    Access, BufferId, Dispatch, Kernel, OFFSET_ALIGNMENT, ShaderSource, Slice,
    WORKGROUPS_PER_DIMENSION, grid,
};

include!(concat!(env!("OUT_DIR"), "/kernels.rs"));
