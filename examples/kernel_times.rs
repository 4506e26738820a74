//! Times of each kernel with both presets of block sizes: of an inference at batch
//! 1, or, for a network that is trained here, of a step at batch 128.
//! `cargo run --release --example kernel_times [NETWORK [PRESET]]`; without a name,
//! torchvision's AlexNet. Weights stay zero, which costs the same; of several runs
//! the fastest counts. To choose the driver, set `VK_DRIVER_FILES` to its manifest.

use std::time::{Duration, Instant};

use alexnet_live::engine::{Device, DeviceOptions, Engine, Executable};
use alexnet_live::layers::Activation;
use alexnet_live::models;
use alexnet_live::network::Network;
use alexnet_live::plan::{Optimizer, Plan, Preset, Storage, Target};
use alexnet_live::train::Settings;

const RUNS: usize = 6;

/// What is timed, and how it is planned.
enum Work {
    Inference(Network),
    Step(Network, Settings),
}

impl Work {
    fn of(name: &str) -> anyhow::Result<Self> {
        if models::TRAINABLE.iter().all(|model| model.name != name) {
            return Ok(Self::Inference(models::find(name)?.network()));
        }
        let settings = Settings {
            // As in the bench: three convolutions and fc10.
            normalisation: false,
            ..Settings::figure_1(name, Activation::Relu)
        };
        Ok(Self::Step(settings.network([32, 32, 3], 10)?, settings))
    }

    fn network(&self) -> &Network {
        match self {
            Self::Inference(network) | Self::Step(network, _) => network,
        }
    }

    fn plan(&self, target: Target) -> anyhow::Result<Plan> {
        Ok(match self {
            Self::Inference(network) => Plan::inference(network, 1, target, |_| Storage::F32)?,
            Self::Step(network, settings) => {
                let factors = |name: &str| settings.factors(name);
                Plan::training(network, 128, target, Optimizer::Sgd, factors)?.plan
            }
        })
    }
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let work = Work::of(&arguments.next().unwrap_or("alexnet-torchvision".to_owned()))?;
    let only = arguments.next();
    let network = work.network();
    let device = pollster::block_on(Device::open(DeviceOptions::on(Engine::Gpu)))?;
    println!("{}, {}, milliseconds", network.name, device.summary().name);
    let presets = [Preset::SOFTWARE, Preset::GPU].into_iter();
    for preset in presets.filter(|preset| only.as_ref().is_none_or(|name| name == preset.name)) {
        let plan = work.plan(Target {
            preset,
            max_binding_bytes: device.summary().max_binding_bytes,
        })?;
        let (buffers, dispatches) = (plan.allocations(), plan.dispatches());
        let start = Instant::now();
        let executable = pollster::block_on(Executable::new(
            &device,
            &buffers,
            &dispatches,
            &mut |_, _| true,
        ))?;
        let compilation = start.elapsed();

        let mut fastest = vec![Duration::MAX; dispatches.len()];
        for _ in 0..RUNS {
            let (_, times) = pollster::block_on(executable.profile(&device))?;
            for run in times {
                fastest[run.dispatch] = fastest[run.dispatch].min(run.time);
            }
        }
        println!("\npreset {}", preset.name);
        let row = |layer: &str, kernel: &str, time: Duration| {
            println!("{layer:20} {kernel:40} {:8.2}", 1e3 * time.as_secs_f64());
        };
        for (step, time) in plan.steps.iter().zip(&fastest) {
            let kernel = step.dispatch.kernel;
            let entry = format!("{}.{}", kernel.source.name, kernel.entry_point);
            row(&network[step.node].name, &entry, *time);
        }
        row("all", "", fastest.iter().sum());
        row("compilation", "", compilation);
    }
    Ok(())
}
