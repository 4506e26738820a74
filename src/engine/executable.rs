//! A list of dispatches made ready on a device: buffers allocated, kernels at hand,
//! bindings joined.

use std::ops::Range;

use super::team::Team;
use super::{Clock, Device, KernelTime, Kind};
use crate::error::{Error, Result};
use crate::gpu;
use crate::kernels::{BufferId, Dispatch, Slice};

/// Dispatches ready to run.
#[derive(Debug)]
pub struct Executable(On);

#[derive(Debug)]
enum On {
    Gpu(gpu::Executable),
    Processor(cpu::Executable, Option<Team>),
}

/// A device and the executable that was made on it.
enum Pair<'a> {
    Gpu(&'a gpu::Device, &'a gpu::Executable),
    Processor(&'a super::Processor, &'a cpu::Executable, Option<&'a Team>),
}

impl Executable {
    /// Allocates `buffers` (label and bytes, all zero) and makes `dispatches` ready.
    ///
    /// `progress(done, total)` counts kernels; `false` stops.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::DeviceLost`], [`Error::Stopped`], or
    /// [`Error::Gpu`] naming the kernel that the driver refuses.
    pub async fn new(
        device: &Device,
        buffers: &[(String, u64)],
        dispatches: &[Dispatch],
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Self> {
        Self::joining(device, None, buffers, dispatches, progress).await
    }

    /// As [`Executable::new`], but the first of `buffers` are those of another
    /// executable of the same device, with what stands in them.
    ///
    /// # Errors
    /// As [`Executable::new`].
    pub async fn joining(
        device: &Device,
        other: Option<&Self>,
        buffers: &[(String, u64)],
        dispatches: &[Dispatch],
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Self> {
        match &device.kind {
            Kind::Gpu(device) => {
                let other = other.map(|other| match &other.0 {
                    On::Gpu(other) => other,
                    On::Processor(..) => mixed(),
                });
                let joined =
                    gpu::Executable::new(device, other, buffers, dispatches, progress).await?;
                Ok(Self(On::Gpu(joined)))
            }
            Kind::Processor(processor) => {
                processor.check()?;
                let other = other.map(|other| match &other.0 {
                    On::Gpu(_) => mixed(),
                    On::Processor(other, _) => other,
                });
                let joined = cpu::Executable::new(
                    other,
                    buffers,
                    &dispatches.iter().map(described).collect::<Vec<_>>(),
                );
                let joined = joined.map_err(|what| Error::OutOfMemory { what })?;
                if !progress(dispatches.len(), dispatches.len()) {
                    return Err(Error::Stopped.into());
                }
                Ok(Self(On::Processor(joined, None)))
            }
        }
    }

    /// As [`Executable::new`], for dispatches that always run all together: on the
    /// processor helpers compute shares of the large ones. What is uploaded reaches them,
    /// what is written does not.
    ///
    /// # Errors
    /// As [`Executable::new`].
    pub async fn in_a_team(
        device: &Device,
        buffers: &[(String, u64)],
        dispatches: &[Dispatch],
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Self> {
        let mut alone = Self::new(device, buffers, dispatches, progress).await?;
        if let (Kind::Processor(processor), On::Processor(whole, team)) =
            (&device.kind, &mut alone.0)
        {
            let id = processor.next_executable();
            *team = Team::new(
                id,
                processor.helpers().unwrap_or_default(),
                whole,
                buffers,
                dispatches,
            )
            .await?;
        }
        Ok(alone)
    }

    fn on<'a>(&'a self, device: &'a Device) -> Pair<'a> {
        match (&device.kind, &self.0) {
            (Kind::Gpu(device), On::Gpu(executable)) => Pair::Gpu(device, executable),
            (Kind::Processor(processor), On::Processor(executable, team)) => {
                Pair::Processor(processor, executable, team.as_ref())
            }
            _ => mixed(),
        }
    }

    /// Writes bytes (a multiple of 4) at an offset of a buffer, before the next run.
    ///
    /// # Panics
    /// When they do not fit: a bug of the caller.
    pub fn write(&self, device: &Device, buffer: BufferId, offset: u64, bytes: &[u8]) {
        match self.on(device) {
            Pair::Gpu(device, executable) => executable.write(device, buffer, offset, bytes),
            Pair::Processor(_, executable, _) => executable.write(buffer.0, offset as usize, bytes),
        }
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
        match self.on(device) {
            Pair::Gpu(device, executable) => executable.upload(device, buffer, offset, bytes).await,
            Pair::Processor(processor, executable, team) => {
                executable.write(buffer.0, offset as usize, bytes);
                if let Some(team) = team {
                    team.wrote(buffer.0, offset as usize, bytes).await?;
                }
                processor.check()
            }
        }
    }

    /// As [`Executable::upload`], pieces (each with its offset) that together are few
    /// enough to be waited for once.
    ///
    /// # Errors
    /// As [`Device::finish`].
    pub async fn upload_pieces<'p>(
        &self,
        device: &Device,
        buffer: BufferId,
        pieces: impl Iterator<Item = (u64, &'p [u8])>,
    ) -> Result<()> {
        for (offset, bytes) in pieces {
            match self.on(device) {
                Pair::Gpu(device, executable) => executable.write(device, buffer, offset, bytes),
                Pair::Processor(..) => self.upload(device, buffer, offset, bytes).await?,
            }
        }
        device.finish().await
    }

    /// Runs all dispatches.
    ///
    /// # Errors
    /// What a helper answers. A GPU's errors come with what is read.
    pub async fn run(&self, device: &Device) -> Result<()> {
        match self.on(device) {
            Pair::Gpu(device, executable) => executable.run(device),
            Pair::Processor(processor, executable, Some(team)) => {
                team.run(&processor.cpu, executable).await?;
            }
            Pair::Processor(processor, executable, None) => {
                executable.run(&processor.cpu, 0..executable.steps());
            }
        }
        Ok(())
    }

    /// Runs some of the dispatches.
    pub fn run_steps(&self, device: &Device, steps: Range<usize>) {
        match self.on(device) {
            Pair::Gpu(device, executable) => executable.run_steps(device, steps),
            Pair::Processor(processor, executable, _) => executable.run(&processor.cpu, steps),
        }
    }

    /// Runs some of the workgroups of one dispatch, counted along x, then y: at most
    /// [`WORKGROUPS_PER_DIMENSION`](crate::kernels::WORKGROUPS_PER_DIMENSION) of
    /// those that [`Dispatch::parts`] counts.
    pub fn run_part(&self, device: &Device, step: usize, workgroups: Range<u32>) {
        match self.on(device) {
            Pair::Gpu(device, executable) => executable.run_part(device, step, workgroups),
            // A processor's dispatch has one part.
            Pair::Processor(processor, executable, _) => {
                executable.run(&processor.cpu, step..step + 1);
            }
        }
    }

    /// Copies from one buffer to another, before the next run.
    pub fn copy(&self, device: &Device, from: Slice, to: Slice) {
        match self.on(device) {
            Pair::Gpu(device, executable) => executable.copy(device, from, to),
            Pair::Processor(_, executable, _) => executable.copy(bound(&from), bound(&to)),
        }
    }

    /// Fills a buffer with zeros, before the next run.
    pub fn clear(&self, device: &Device, buffer: BufferId) {
        match self.on(device) {
            Pair::Gpu(device, executable) => executable.clear(device, buffer),
            Pair::Processor(_, executable, _) => executable.clear(buffer.0),
        }
    }

    /// The browser's own object, which canvases can draw from; none where the
    /// processor computes.
    #[cfg(target_arch = "wasm32")]
    pub fn handle(&self, buffer: BufferId) -> Option<super::BufferHandle> {
        match &self.0 {
            On::Gpu(executable) => Some(executable.handle(buffer)),
            On::Processor(..) => None,
        }
    }

    /// Reads a range of a buffer back as numbers.
    ///
    /// # Errors
    /// [`Error::DeviceLost`], or what the driver complained of since the last call.
    pub async fn read<T: bytemuck::Pod>(&self, device: &Device, slice: Slice) -> Result<Vec<T>> {
        match self.on(device) {
            Pair::Gpu(device, executable) => executable.read(device, slice).await,
            Pair::Processor(processor, executable, _) => {
                processor.check()?;
                Ok(executable.read(bound(&slice)))
            }
        }
    }

    /// Runs every dispatch by itself and times it.
    ///
    /// # Errors
    /// As [`Executable::read`].
    pub async fn profile(&self, device: &Device) -> Result<(Clock, Vec<KernelTime>)> {
        match self.on(device) {
            Pair::Gpu(device, executable) => executable.profile(device).await,
            Pair::Processor(processor, executable, _) => {
                processor.check()?;
                let time = |dispatch| {
                    let start = web_time::Instant::now();
                    executable.run(&processor.cpu, dispatch..dispatch + 1);
                    let time = start.elapsed();
                    KernelTime { dispatch, time }
                };
                Ok((Clock::Wall, (0..executable.steps()).map(time).collect()))
            }
        }
    }
}

/// A dispatch as the CPU engine takes it.
fn described(dispatch: &Dispatch) -> cpu::Dispatch<'_> {
    cpu::Dispatch {
        shader: dispatch.kernel.source.name,
        entry_point: dispatch.kernel.entry_point,
        constants: dispatch.constants.iter().map(|(_, value)| *value).collect(),
        bindings: dispatch.bindings.iter().map(bound).collect(),
    }
}

fn bound(slice: &Slice) -> cpu::Slice {
    cpu::Slice {
        buffer: slice.buffer.0,
        offset: slice.offset as usize,
        bytes: slice.bytes as usize,
    }
}

fn mixed() -> ! {
    panic!("an executable runs on the device that it was made on")
}
