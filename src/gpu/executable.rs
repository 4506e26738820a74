//! A list of dispatches made ready on a device: buffers allocated, kernels
//! compiled, bindings joined. One encoder, one pass, one submit per run.

use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;

use super::device::{Device, Pipeline};
use crate::error::{Error, Result};
use crate::hardware::{Clock, KernelTime};
use crate::kernels::{BufferId, Dispatch, Slice};

/// Bytes written at once: large enough to be fast, small enough that the copy
/// through the renderer's memory does not count.
const UPLOAD_BYTES: usize = 4 << 20;

/// Dispatches ready to run.
#[derive(Debug)]
pub struct Executable {
    buffers: Vec<Rc<Memory>>,
    steps: Vec<Step>,
}

/// A buffer, for as long as an executable needs it.
#[derive(Debug)]
struct Memory(wgpu::Buffer);

impl Drop for Memory {
    /// Gives the memory back at once: a browser would wait for its collector.
    fn drop(&mut self) {
        self.0.destroy();
    }
}

#[derive(Debug)]
struct Step {
    pipeline: wgpu::ComputePipeline,
    bind_group: wgpu::BindGroup,
    workgroups: [u32; 3],
    divisible: bool,
}

impl Executable {
    /// Allocates `buffers` (label and bytes, all zero), the first of which are those of
    /// another executable, if one is given, and compiles `dispatches`.
    ///
    /// `progress(done, total)` counts kernels; `false` stops.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::DeviceLost`], [`Error::Stopped`], or
    /// [`Error::Gpu`] naming the kernel that the driver refuses.
    pub async fn new(
        device: &Device,
        other: Option<&Self>,
        buffers: &[(String, u64)],
        dispatches: &[Dispatch],
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Self> {
        let mut allocated = other.map_or_else(Vec::new, |other| other.buffers.clone());
        for (label, bytes) in &buffers[allocated.len()..] {
            let allocate = || allocate(device, label, *bytes);
            let buffer = device.checked(label, allocate).await?;
            allocated.push(Rc::new(Memory(buffer)));
        }
        let mut steps = Vec::with_capacity(dispatches.len());
        for (done, dispatch) in dispatches.iter().enumerate() {
            if !progress(done, dispatches.len()) {
                return Err(Error::Stopped.into());
            }
            let kernel = dispatch.kernel;
            let label = format!("{}.{}", kernel.source.name, kernel.entry_point);
            let make = || Step::new(device, &allocated, dispatch);
            steps.push(device.checked(&label, make).await?);
        }
        progress(dispatches.len(), dispatches.len());
        Ok(Self {
            buffers: allocated,
            steps,
        })
    }

    /// Writes bytes (a multiple of 4) at an offset of a buffer, before the next run.
    ///
    /// # Panics
    /// When they do not fit: a bug of the caller.
    pub fn write(&self, device: &Device, buffer: BufferId, offset: u64, bytes: &[u8]) {
        device
            .queue
            .write_buffer(&self.buffers[buffer.0].0, offset, bytes);
    }

    /// Writes many bytes in pieces, waiting for each, so that they never stand
    /// in memory twice.
    ///
    /// # Errors
    /// As [`Device::finish`].
    pub async fn upload(
        &self,
        device: &Device,
        buffer: BufferId,
        offset: u64,
        bytes: &[u8],
    ) -> Result<()> {
        for (index, piece) in bytes.chunks(UPLOAD_BYTES).enumerate() {
            let at = offset + (index * UPLOAD_BYTES) as u64;
            self.write(device, buffer, at, piece);
            device.finish().await?;
        }
        Ok(())
    }

    /// Submits all dispatches.
    pub fn run(&self, device: &Device) {
        self.run_steps(device, 0..self.steps.len());
    }

    /// Submits some of the dispatches.
    pub fn run_steps(&self, device: &Device, steps: Range<usize>) {
        submit_pass(device, |pass| {
            for step in &self.steps[steps] {
                step.encode(device, step.workgroups, pass);
            }
        });
    }

    /// Submits some of the workgroups of one dispatch, counted along x, then y:
    /// at most [`WORKGROUPS_PER_DIMENSION`](crate::kernels::WORKGROUPS_PER_DIMENSION) of
    /// those that [`Dispatch::parts`] counts.
    pub fn run_part(&self, device: &Device, step: usize, workgroups: Range<u32>) {
        let grid = [workgroups.len() as u32, 1, 1];
        device.begin_grid_at(workgroups.start);
        submit_pass(device, |pass| self.steps[step].encode(device, grid, pass));
        device.begin_grid_at(0);
    }

    /// Copies from one buffer to another, before the next run.
    pub fn copy(&self, device: &Device, from: Slice, to: Slice) {
        let source = &self.buffers[from.buffer.0].0;
        let target = &self.buffers[to.buffer.0].0;
        submit(device, |encoder| {
            encoder.copy_buffer_to_buffer(source, from.offset, target, to.offset, from.bytes);
        });
    }

    /// Fills a buffer with zeros, before the next run.
    pub fn clear(&self, device: &Device, buffer: BufferId) {
        submit(device, |encoder| {
            encoder.clear_buffer(&self.buffers[buffer.0].0, 0, None);
        });
    }

    /// The browser's own object, which canvases can draw from.
    ///
    /// # Panics
    /// Never: the page has no other backend.
    #[cfg(target_arch = "wasm32")]
    pub fn handle(&self, buffer: BufferId) -> crate::hardware::BufferHandle {
        let handle = self.buffers[buffer.0].0.as_webgpu();
        handle.expect("the page runs on WebGPU").clone()
    }

    /// Reads a range of a buffer back as numbers.
    ///
    /// # Errors
    /// [`Error::DeviceLost`], or what the driver complained of since the last call.
    pub async fn read<T: bytemuck::Pod>(&self, device: &Device, slice: Slice) -> Result<Vec<T>> {
        let staging = device.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("read-back"),
            size: slice.bytes,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let source = &self.buffers[slice.buffer.0].0;
        submit(device, |encoder| {
            encoder.copy_buffer_to_buffer(source, slice.offset, &staging, 0, slice.bytes);
        });
        read_mapped(device, &staging).await
    }

    /// Runs every dispatch in a pass of its own and times it.
    ///
    /// # Errors
    /// As [`Executable::read`].
    pub async fn profile(&self, device: &Device) -> Result<(Clock, Vec<KernelTime>)> {
        if device.summary().timestamps {
            let times = self.profile_with_timestamps(device).await?;
            return Ok((Clock::Timestamp, times));
        }
        let mut times = Vec::with_capacity(self.steps.len());
        for (dispatch, step) in self.steps.iter().enumerate() {
            device.finish().await?;
            let start = web_time::Instant::now();
            submit_pass(device, |pass| step.encode(device, step.workgroups, pass));
            device.finish().await?;
            let time = start.elapsed();
            times.push(KernelTime { dispatch, time });
        }
        Ok((Clock::Wall, times))
    }

    async fn profile_with_timestamps(&self, device: &Device) -> Result<Vec<KernelTime>> {
        let count = 2 * self.steps.len() as u32;
        let queries = device.device.create_query_set(&wgpu::QuerySetDescriptor {
            label: Some("kernel times"),
            ty: wgpu::QueryType::Timestamp,
            count,
        });
        let usage = |usage| wgpu::BufferDescriptor {
            label: Some("kernel times"),
            size: u64::from(count) * 8,
            usage,
            mapped_at_creation: false,
        };
        use wgpu::BufferUsages as Usage;
        let resolved = device
            .device
            .create_buffer(&usage(Usage::QUERY_RESOLVE | Usage::COPY_SRC));
        let staging = device
            .device
            .create_buffer(&usage(Usage::MAP_READ | Usage::COPY_DST));
        submit(device, |encoder| {
            for (index, step) in self.steps.iter().enumerate() {
                let first = 2 * index as u32;
                let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                    label: None,
                    timestamp_writes: Some(wgpu::ComputePassTimestampWrites {
                        query_set: &queries,
                        beginning_of_pass_write_index: Some(first),
                        end_of_pass_write_index: Some(first + 1),
                    }),
                });
                step.encode(device, step.workgroups, &mut pass);
            }
            encoder.resolve_query_set(&queries, 0..count, &resolved, 0);
            encoder.copy_buffer_to_buffer(&resolved, 0, &staging, 0, None);
        });

        let ticks: Vec<u64> = read_mapped(device, &staging).await?;
        let period = f64::from(device.queue.get_timestamp_period());
        let time = |(dispatch, pair): (usize, &[u64])| KernelTime {
            dispatch,
            time: Duration::from_nanos((pair[1].saturating_sub(pair[0]) as f64 * period) as u64),
        };
        Ok(ticks.chunks_exact(2).enumerate().map(time).collect())
    }
}

impl Step {
    fn new(device: &Device, buffers: &[Rc<Memory>], dispatch: &Dispatch) -> Self {
        let Pipeline { pipeline, layout } = device.pipeline(dispatch);
        let entries: Vec<_> = dispatch
            .kernel
            .bindings
            .iter()
            .zip(&dispatch.bindings)
            .map(|((binding, _), slice)| wgpu::BindGroupEntry {
                binding: *binding,
                resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                    buffer: &buffers[slice.buffer.0].0,
                    offset: slice.offset,
                    size: wgpu::BufferSize::new(slice.bytes),
                }),
            })
            .collect();
        let bind_group = device.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &layout,
            entries: &entries,
        });
        Self {
            pipeline,
            bind_group,
            workgroups: dispatch.workgroups,
            divisible: dispatch.kernel.divisible,
        }
    }

    fn encode(&self, device: &Device, grid: [u32; 3], pass: &mut wgpu::ComputePass<'_>) {
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &self.bind_group, &[]);
        if self.divisible {
            pass.set_bind_group(1, &device.grid_start.bind_group, &[]);
        }
        let [x, y, z] = grid;
        pass.dispatch_workgroups(x, y, z);
    }
}

fn submit(device: &Device, encode: impl FnOnce(&mut wgpu::CommandEncoder)) {
    let mut encoder = device.device.create_command_encoder(&Default::default());
    encode(&mut encoder);
    device.queue.submit([encoder.finish()]);
}

fn submit_pass(device: &Device, encode: impl FnOnce(&mut wgpu::ComputePass<'_>)) {
    submit(device, |encoder| {
        encode(&mut encoder.begin_compute_pass(&Default::default()));
    });
}

fn allocate(device: &Device, label: &str, bytes: u64) -> wgpu::Buffer {
    device.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size: bytes,
        usage: wgpu::BufferUsages::STORAGE
            | wgpu::BufferUsages::UNIFORM
            | wgpu::BufferUsages::COPY_SRC
            | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

async fn read_mapped<T: bytemuck::Pod>(device: &Device, staging: &wgpu::Buffer) -> Result<Vec<T>> {
    let (sender, receiver) = oneshot::channel();
    staging
        .slice(..)
        .map_async(wgpu::MapMode::Read, move |result| {
            // The waiting future may have been dropped: nobody is told then.
            let _ = sender.send(result);
        });
    device.poll();
    let mapped = receiver.await;
    device.check()?;
    let refused = |reason: String| {
        let what = "reading back".to_owned();
        Box::new(Error::Gpu { what, reason })
    };
    match mapped {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(refused(error.to_string())),
        Err(_) => return Err(refused("the request was dropped".to_owned())),
    }
    let view = staging
        .get_mapped_range(..)
        .map_err(|error| refused(error.to_string()))?;
    let values = bytemuck::pod_collect_to_vec(&view[..]);
    drop(view);
    staging.unmap();
    Ok(values)
}
