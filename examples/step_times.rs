//! Times of the kernels of a training step at batch 128, with both presets of
//! block sizes: `cargo run --release --example step_times [NETWORK [PRESET]]`. Of
//! several runs the fastest counts. To choose the driver, set `VK_DRIVER_FILES` to
//! its manifest.

use std::time::{Duration, Instant};

use alexnet_live::gpu::{Device, DeviceOptions, Executable};
use alexnet_live::layers::Activation;
use alexnet_live::plan::{Optimizer, Plan, Preset, Target};
use alexnet_live::train::Settings;

const RUNS: usize = 6;
const BATCH: usize = 128;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or("cifar-18pct".to_owned());
    let only = arguments.next();
    let settings = Settings {
        // The network of the bench: three convolutions and fc10.
        normalisation: false,
        ..Settings::of_names(&name, Activation::Relu.name())?
    };
    let network = settings.network([32, 32, 3], 10)?;
    let device = pollster::block_on(Device::open(DeviceOptions::default()))?;
    println!("{}, {}, milliseconds", network.name, device.summary().name);
    let presets = [Preset::CPU, Preset::GPU].into_iter();
    for preset in presets.filter(|preset| only.as_ref().is_none_or(|name| name == preset.name)) {
        let target = Target {
            preset,
            max_binding_bytes: device.summary().max_binding_bytes,
        };
        let factors = |name: &str| settings.factors(name);
        let plan = Plan::training(&network, BATCH, target, Optimizer::Sgd, factors)?.plan;
        let dispatches = plan.dispatches();
        let start = Instant::now();
        let executable = pollster::block_on(Executable::new(
            &device,
            &plan.allocations(),
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
        for (step, time) in plan.steps.iter().zip(&fastest) {
            let (layer, kernel) = (&network[step.node].name, step.dispatch.kernel);
            let entry = format!("{}.{}", kernel.source.name, kernel.entry_point);
            println!("{layer:10} {entry:40} {:8.2}", 1e3 * time.as_secs_f64());
        }
        let all: Duration = fastest.iter().sum();
        println!("{:51} {:8.2}", "all", 1e3 * all.as_secs_f64());
        println!(
            "{:51} {:8.2}",
            "compilation",
            1e3 * compilation.as_secs_f64()
        );
    }
    Ok(())
}
