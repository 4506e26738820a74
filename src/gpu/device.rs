//! The device: adapter, queue, compiled pipelines, and what to do when the
//! driver complains or the device is lost.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures_channel::oneshot;

use crate::error::{Error, Result};
use crate::hardware::{DeviceKind, DeviceOptions, DeviceSummary, Engine};
use crate::kernels::{Access, Dispatch, Kernel};

type Constants = Vec<(&'static str, u64)>;
type PipelineKey = (&'static str, &'static str, Constants);

/// A compiled kernel with the layout of its bindings.
#[derive(Debug, Clone)]
pub(super) struct Pipeline {
    pub pipeline: wgpu::ComputePipeline,
    pub layout: wgpu::BindGroupLayout,
}

/// The `first_workgroup` of the kernels whose grids can be divided.
#[derive(Debug)]
pub(super) struct GridStart {
    pub bind_group: wgpu::BindGroup,
    layout: wgpu::BindGroupLayout,
    buffer: wgpu::Buffer,
}

/// Errors that no scope caught, and the loss of the device.
#[derive(Debug, Default)]
struct Trouble {
    first_error: Option<Box<Error>>,
    lost: Option<Box<Error>>,
    waiting: Vec<oneshot::Sender<Box<Error>>>,
}

/// An open device.
#[derive(Debug)]
pub struct Device {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    summary: DeviceSummary,
    modules: RefCell<HashMap<&'static str, wgpu::ShaderModule>>,
    pipelines: RefCell<HashMap<PipelineKey, Pipeline>>,
    trouble: Arc<Mutex<Trouble>>,
    pub(super) grid_start: GridStart,
}

impl Device {
    /// Opens the most powerful device there is.
    ///
    /// # Errors
    /// [`Error::NoAdapter`] when there is none or it cannot be opened.
    pub async fn open(options: DeviceOptions) -> Result<Self> {
        let no_adapter = |reason: String| Error::NoAdapter { reason };
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let adapter = instance
            .request_adapter(&wgpu::RequestAdapterOptions {
                power_preference: wgpu::PowerPreference::HighPerformance,
                force_fallback_adapter: options.force_fallback,
                ..Default::default()
            })
            .await
            .map_err(|error| no_adapter(error.to_string()))?;
        let offered = adapter.limits();
        let mut limits = wgpu::Limits::default();
        if !options.default_limits {
            limits.max_buffer_size = offered.max_buffer_size;
            limits.max_storage_buffer_binding_size = offered.max_storage_buffer_binding_size;
        }
        let timestamps = adapter.features() & wgpu::Features::TIMESTAMP_QUERY;
        let (device, queue) = adapter
            .request_device(&wgpu::DeviceDescriptor {
                label: Some("AlexNet Live"),
                required_features: timestamps,
                required_limits: limits,
                ..Default::default()
            })
            .await
            .map_err(|error| no_adapter(error.to_string()))?;

        let info = adapter.get_info();
        let limits = device.limits();
        let summary = DeviceSummary {
            engine: Engine::Gpu,
            kind: kind_of(&info),
            name: info.name,
            timestamps: !timestamps.is_empty(),
            max_binding_bytes: limits.max_storage_buffer_binding_size,
            max_buffer_bytes: limits.max_buffer_size,
            processor: None,
        };
        let trouble = watch(&device);
        Ok(Self {
            grid_start: GridStart::new(&device),
            device,
            queue,
            summary,
            modules: RefCell::default(),
            pipelines: RefCell::default(),
            trouble,
        })
    }

    /// What it is and what it can do.
    pub fn summary(&self) -> &DeviceSummary {
        &self.summary
    }

    /// The browser's own object, which canvases ask for.
    ///
    /// # Panics
    /// Never: the page has no other backend.
    #[cfg(target_arch = "wasm32")]
    pub fn handle(&self) -> wgpu::webgpu::GpuDevice {
        let handle = self.device.as_webgpu();
        handle.expect("the page runs on WebGPU").clone()
    }

    /// Waits until the device is lost and says why; never returns before.
    pub async fn lost(&self) -> Box<Error> {
        let receiver = {
            let mut trouble = self.trouble.lock().expect("no panic while locked");
            if let Some(error) = &trouble.lost {
                return error.clone();
            }
            let (sender, receiver) = oneshot::channel();
            trouble.waiting.push(sender);
            receiver
        };
        receiver.await.unwrap_or_else(|_| {
            Error::DeviceLost {
                reason: "it was closed".to_owned(),
            }
            .into()
        })
    }

    /// Gives the device up; whatever waits for it ends with [`Error::DeviceLost`].
    pub fn destroy(&self) {
        self.device.destroy();
        self.poll();
    }

    /// Waits until all submitted work is done.
    ///
    /// # Errors
    /// [`Error::DeviceLost`], or the first error of the driver since the last call.
    pub async fn finish(&self) -> Result<()> {
        let (sender, receiver) = oneshot::channel();
        self.queue.on_submitted_work_done(move || {
            // The waiting future may have been dropped: nobody is told then.
            let _ = sender.send(());
        });
        self.poll();
        let done = receiver.await;
        self.check()?;
        done.map_err(|_| {
            Error::DeviceLost {
                reason: "its queue was closed".to_owned(),
            }
            .into()
        })
    }

    /// The loss of the device, or the first error of the driver since the last call.
    ///
    /// # Errors
    /// That error.
    pub fn check(&self) -> Result<()> {
        let mut trouble = self.trouble.lock().expect("no panic while locked");
        match trouble.lost.clone().or_else(|| trouble.first_error.take()) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Runs callbacks of finished work. On the web the browser does, and this
    /// does nothing.
    pub(super) fn poll(&self) {
        // A failing poll is a lost device, which has its own callback.
        let _ = self.device.poll(wgpu::PollType::wait_indefinitely());
    }

    /// Runs `make` and waits for the driver's opinion of what it made.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`] or [`Error::Gpu`], naming `what`.
    pub(super) async fn checked<T>(&self, what: &str, make: impl FnOnce() -> T) -> Result<T> {
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validation = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let made = make();
        // Scopes are popped in reverse order before anything is awaited.
        let (validation, memory) = (validation.pop(), memory.pop());
        let error = validation.await.or(memory.await);
        self.check()?;
        error.map_or(Ok(made), |error| Err(from_driver(what, &error)))
    }

    /// The compiled kernel of a dispatch, compiled at most once.
    pub(super) fn pipeline(&self, dispatch: &Dispatch) -> Pipeline {
        let bits = |(name, value): &(&'static str, f64)| (*name, value.to_bits());
        let constants: Constants = dispatch.constants.iter().map(bits).collect();
        let kernel = dispatch.kernel;
        let key = (kernel.source.name, kernel.entry_point, constants);
        if let Some(pipeline) = self.pipelines.borrow().get(&key) {
            return pipeline.clone();
        }
        let pipeline = self.compile(kernel, &dispatch.constants);
        self.pipelines.borrow_mut().insert(key, pipeline.clone());
        pipeline
    }

    /// What is submitted from now on begins with this workgroup of its grid.
    pub(super) fn begin_grid_at(&self, workgroup: u32) {
        let bytes = workgroup.to_le_bytes();
        self.queue.write_buffer(&self.grid_start.buffer, 0, &bytes);
    }

    fn compile(&self, kernel: &Kernel, constants: &[(&str, f64)]) -> Pipeline {
        let label = format!("{}.{}", kernel.source.name, kernel.entry_point);
        let layout = layout(&self.device, &label, kernel.bindings);
        let layouts = [Some(&layout), Some(&self.grid_start.layout)];
        let pipeline_layout = self
            .device
            .create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: Some(&label),
                bind_group_layouts: &layouts[..1 + usize::from(kernel.divisible)],
                ..Default::default()
            });
        let mut modules = self.modules.borrow_mut();
        let module = modules.entry(kernel.source.name).or_insert_with(|| {
            self.device
                .create_shader_module(wgpu::ShaderModuleDescriptor {
                    label: Some(kernel.source.name),
                    source: wgpu::ShaderSource::Wgsl(kernel.source.wgsl.into()),
                })
        });
        let pipeline = self
            .device
            .create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(&label),
                layout: Some(&pipeline_layout),
                module,
                entry_point: Some(kernel.entry_point),
                compilation_options: wgpu::PipelineCompilationOptions {
                    constants,
                    zero_initialize_workgroup_memory: false,
                },
                cache: None,
            });
        Pipeline { pipeline, layout }
    }
}

impl GridStart {
    fn new(device: &wgpu::Device) -> Self {
        let label = "first workgroup";
        let layout = layout(device, label, &[(0, Access::Uniform)]);
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size: 16,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let bind_group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(label),
            layout: &layout,
            entries: &[wgpu::BindGroupEntry {
                binding: 0,
                resource: buffer.as_entire_binding(),
            }],
        });
        Self {
            bind_group,
            layout,
            buffer,
        }
    }
}

fn layout(device: &wgpu::Device, label: &str, bindings: &[(u32, Access)]) -> wgpu::BindGroupLayout {
    let entry = |&(binding, access): &(u32, Access)| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer {
            ty: match access {
                Access::Uniform => wgpu::BufferBindingType::Uniform,
                Access::Read => wgpu::BufferBindingType::Storage { read_only: true },
                Access::ReadWrite => wgpu::BufferBindingType::Storage { read_only: false },
            },
            has_dynamic_offset: false,
            min_binding_size: None,
        },
        count: None,
    };
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some(label),
        entries: &bindings.iter().map(entry).collect::<Vec<_>>(),
    })
}

/// Browsers name software adapters only in words.
fn kind_of(info: &wgpu::AdapterInfo) -> DeviceKind {
    let name = info.name.to_ascii_lowercase();
    let software = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];
    match info.device_type {
        _ if software.iter().any(|word| name.contains(word)) => DeviceKind::Software,
        wgpu::DeviceType::Cpu => DeviceKind::Software,
        wgpu::DeviceType::DiscreteGpu => DeviceKind::Discrete,
        wgpu::DeviceType::IntegratedGpu => DeviceKind::Integrated,
        _ => DeviceKind::Unknown,
    }
}

fn from_driver(what: &str, error: &wgpu::Error) -> Box<Error> {
    let what = what.to_owned();
    Box::new(match error {
        wgpu::Error::OutOfMemory { .. } => Error::OutOfMemory { what },
        error => Error::Gpu {
            what,
            reason: error.to_string(),
        },
    })
}

/// wgpu's own handler of uncaught errors panics; ours remembers the first one.
fn watch(device: &wgpu::Device) -> Arc<Mutex<Trouble>> {
    let trouble = Arc::new(Mutex::new(Trouble::default()));
    let on_error = trouble.clone();
    device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
        let error = from_driver("a command", &error);
        let mut trouble = on_error.lock().expect("no panic while locked");
        trouble.first_error.get_or_insert(error);
    }));
    let on_loss = trouble.clone();
    device.set_device_lost_callback(move |reason, message| {
        let error = Box::new(Error::DeviceLost {
            reason: match message.is_empty() {
                true => format!("{reason:?}"),
                false => message,
            },
        });
        let mut trouble = on_loss.lock().expect("no panic while locked");
        for waiting in trouble.waiting.drain(..) {
            let _ = waiting.send(error.clone());
        }
        trouble.lost.get_or_insert(error);
    });
    trouble
}
