//! The GPU engine: device, compiled kernels and buffers of `wgpu`. Nothing here knows
//! networks; nothing above [`engine`](crate::engine) names `wgpu`.

mod device;
mod executable;

pub use device::Device;
pub use executable::Executable;
