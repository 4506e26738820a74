//! Times of each kernel with each preset of block sizes that an engine has: of an
//! inference at batch 1, or, for a network that is trained here, of a step at batch 128.
//! `cargo run --release --example kernel_times -- --help` tells the arguments. Weights
//! stay zero, which costs the same; of several runs the fastest counts. To choose the
//! driver of a GPU, set `VK_DRIVER_FILES` to its manifest.

use std::time::{Duration, Instant};

use alexnet_live::engine::{Device, DeviceOptions, Engine, Executable};
use alexnet_live::inference::target;
use alexnet_live::layers::Activation;
use alexnet_live::models;
use alexnet_live::network::Network;
use alexnet_live::plan::{Optimizer, Plan, Preset, Storage, Target};
use alexnet_live::train::Settings;
use clap::{Parser, ValueEnum};

#[derive(Parser)]
struct Arguments {
    /// Name of a network
    #[arg(default_value = "alexnet-torchvision")]
    network: String,
    /// Only this preset
    preset: Option<String>,
    /// What computes
    #[arg(long, value_enum, default_value = "gpu")]
    engine: EngineName,
}

#[derive(Clone, Copy, ValueEnum)]
enum EngineName {
    Gpu,
    Cpu,
}

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
    let arguments = Arguments::parse();
    let work = Work::of(&arguments.network)?;
    let network = work.network();
    let engine = match arguments.engine {
        EngineName::Gpu => Engine::Gpu,
        EngineName::Cpu => Engine::Cpu,
    };
    let device = pollster::block_on(Device::open(DeviceOptions::on(engine)))?;
    println!("{}, {}, milliseconds", network.name, device.summary().name);
    let own = target(&device);
    let presets = match engine {
        Engine::Gpu => vec![Preset::SOFTWARE, Preset::GPU],
        Engine::Cpu => vec![own.preset],
    };
    let only = arguments.preset.as_deref();
    for preset in presets
        .into_iter()
        .filter(|preset| only.is_none_or(|only| only == preset.name))
    {
        let plan = work.plan(Target { preset, ..own })?;
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
