//! The device, running a network on it, comparing numbers.

pub mod seeded;

use alexnet_live::engine::{Device, DeviceOptions, Engine, Executable};
use alexnet_live::inference;
use alexnet_live::network::Network;
use alexnet_live::plan::{Plan, PlannedParameter, Preset, Storage, Target};

/// The CPU engine, which every machine has.
pub fn device() -> Device {
    pollster::block_on(Device::open(DeviceOptions::on(Engine::Cpu))).expect("a processor")
}

/// The GPU engine, on a GPU in hardware or software; without one the tests fail, they
/// do not skip.
pub fn gpu() -> Device {
    pollster::block_on(Device::open(DeviceOptions::on(Engine::Gpu))).expect(
        "a Vulkan driver (run the tests through `cargo xtask test`, which installs and names one)",
    )
}

/// Both presets of the GPU engine, so that each is proven on whatever device there is.
pub const PRESETS: [Preset; 2] = [Preset::SOFTWARE, Preset::GPU];

/// The limits of WebGPU's defaults.
pub fn target(preset: Preset) -> Target {
    Target {
        preset,
        max_binding_bytes: 128 << 20,
    }
}

/// Both engines, each with all that is planned for it: one set of block sizes for the
/// processor, two for GPUs.
pub fn engines() -> [(Device, Vec<Target>); 2] {
    let cpu = device();
    let own = inference::target(&cpu);
    [(cpu, vec![own]), (gpu(), PRESETS.map(target).to_vec())]
}

/// Numbers between -1 and 1, other for each seed.
pub fn random(seed: u32, count: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as f32 / u32::MAX as f32 * 2.0 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// Runs `network` on a batch and returns the values of its outputs.
///
/// `parameters` gives the numbers of a parameter in file order, by full name.
pub fn infer(
    device: &Device,
    network: &Network,
    plan: &Plan,
    parameters: impl Fn(&str) -> Vec<f32>,
    inputs: &[Vec<f32>],
) -> Vec<Vec<f32>> {
    pollster::block_on(async {
        let executable = Executable::new(
            device,
            &plan.allocations(),
            &plan.dispatches(),
            &mut |_, _| true,
        )
        .await
        .expect("the plan compiles");
        for parameter in &plan.parameters {
            write_parameter(device, &executable, parameter, &parameters(&parameter.name));
        }
        for (id, values) in network.inputs().into_iter().zip(inputs) {
            let slice = plan.value(id);
            executable.write(
                device,
                slice.buffer,
                slice.offset,
                bytemuck::cast_slice(values),
            );
        }
        executable.run(device).await.expect("it runs");
        let mut outputs = Vec::new();
        for id in network.outputs() {
            let elements = plan.batch * network[id].shape.elements();
            let mut values = executable
                .read::<f32>(device, plan.value(id))
                .await
                .expect("the output can be read");
            values.truncate(elements);
            outputs.push(values);
        }
        outputs
    })
}

/// Packs the file-order numbers of a parameter and writes them. For 4-bit codes
/// they must be 16 different numbers at most: the codebook.
pub fn write_parameter(
    device: &Device,
    executable: &Executable,
    parameter: &PlannedParameter,
    rows: &[f32],
) {
    let mut codebook = rows.to_vec();
    if let Some(slice) = parameter.codebook {
        codebook.sort_by(f32::total_cmp);
        codebook.dedup();
        assert!(codebook.len() <= 16, "too many numbers for 4-bit codes");
        let bytes = bytemuck::cast_slice(&codebook);
        executable.write(device, slice.buffer, slice.offset, bytes);
    }
    let code = |number: &f32| codebook.iter().position(|n| n == number).expect("listed") as u8;
    let packing = parameter.packing;
    for chunk in parameter.each() {
        let base = packing.offset(chunk.outputs.start);
        for run in packing.runs(chunk.outputs.clone(), chunk.outputs.len()) {
            let numbers = &rows[run.start * packing.row()..run.end * packing.row()];
            let bytes = match parameter.storage {
                Storage::Codes4 => {
                    packing.pack_codes(&numbers.iter().map(code).collect::<Vec<_>>())
                }
                storage => packing.pack(numbers, storage),
            };
            let element = packing.offset(run.start) - base;
            let offset = (element * parameter.storage.bits() / 8) as u64;
            executable.write(device, chunk.slice.buffer, offset, &bytes);
        }
    }
}

/// The number that a storage keeps of a number: `f32`, the nearest `f16`, or one
/// of 16.
pub fn stored(storage: Storage, number: f32) -> f32 {
    match storage {
        Storage::F32 => number,
        Storage::F16 => half::f16::from_f32(number).to_f32(),
        Storage::Codes4 => (number * 7.5).round() / 7.5,
    }
}

/// Fails when two lists differ by more than `tolerance` of the largest number expected.
pub fn assert_close(name: &str, found: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{name}: number of elements");
    let scale = expected.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(*found) - expected).abs();
        assert!(
            difference <= tolerance * scale,
            "{name}: element {index} is {found}, not {expected}, where the largest is {scale}"
        );
    }
}

/// f32 storage for every weight.
pub fn f32_storage(_: &str) -> Storage {
    Storage::F32
}
