//! Per-layer times of AlexNet at batch 1 with both presets of block sizes:
//! `cargo run --release --example layer_times [MODEL]`. Weights stay zero, which
//! costs the same; of several runs the fastest counts. To choose the driver, set
//! `VK_DRIVER_FILES` to its manifest.

use std::time::{Duration, Instant};

use alexnet_live::gpu::{Device, DeviceOptions, Executable};
use alexnet_live::models;
use alexnet_live::plan::{Plan, Preset, Storage, Target};

const RUNS: usize = 10;

fn main() -> anyhow::Result<()> {
    let model = std::env::args().nth(1);
    let network = models::find(model.as_deref().unwrap_or("alexnet-torchvision"))?.network();
    let device = pollster::block_on(Device::open(DeviceOptions::default()))?;
    println!("{}, {}, milliseconds", network.name, device.summary().name);
    for preset in [Preset::CPU, Preset::GPU] {
        let target = Target {
            preset,
            max_binding_bytes: device.summary().max_binding_bytes,
        };
        let plan = Plan::inference(&network, 1, target, |_| Storage::F32)?;
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
        let row =
            |name: &str, time: Duration| println!("{name:20} {:8.1}", 1e3 * time.as_secs_f64());
        for (step, time) in plan.steps.iter().zip(&fastest) {
            row(&network[step.node].name, *time);
        }
        row("all layers", fastest.iter().sum());
        row("compilation", compilation);
    }
    Ok(())
}
