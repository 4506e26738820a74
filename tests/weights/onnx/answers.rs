//! Models run on the device against PyTorch and ONNX's reference evaluator.

use std::collections::BTreeMap;

use alexnet_live::engine::Device;
use alexnet_live::inference::target;
use alexnet_live::plan::Plan;
use alexnet_live::shape::Shape;
use alexnet_live::weights::{Graph, Port, WeightsFile};
use serde::Deserialize;

use crate::support::{assert_close, device, f32_storage, infer};
use crate::weights::golden_in;

#[derive(Deserialize)]
struct Numbers {
    shape: Vec<usize>,
    values: Vec<f64>,
}

#[derive(Deserialize)]
struct Case {
    /// By name; left out when they are those of the script's `input_values`.
    #[serde(default)]
    inputs: BTreeMap<String, Numbers>,
    outputs: BTreeMap<String, Numbers>,
}

/// The script's `input_values`.
fn input_values(count: usize, salt: usize) -> Vec<f32> {
    let value = |i: usize| ((i * 37 + salt * 11) % 101) as f32 / 128.0 - 0.390_625;
    (0..count).map(value).collect()
}

/// Moves values between ONNX's order and that of the device: `[n, c, h, w]` and
/// `[n, h, w, c]`.
fn reorder(values: &[f32], port: &Port, to_device: bool) -> Vec<f32> {
    let Shape(sizes) = &port.shape;
    let ([channels, height, width], true) = (&sizes[..], port.channels_first) else {
        return values.to_vec();
    };
    let (channels, height, width) = (*channels, *height, *width);
    let (pixels, sample) = (height * width, channels * height * width);
    let mut moved = vec![0.0; values.len()];
    for (i, value) in values.iter().enumerate() {
        let (n, c, pixel) = (i / sample, i % sample / pixels, i % pixels);
        let (n_, pixel_, c_) = (i / sample, i % sample / channels, i % channels);
        let target = match to_device {
            true => n * sample + pixel * channels + c,
            false => n_ * sample + c_ * pixels + pixel_,
        };
        moved[target] = *value;
    }
    moved
}

fn run(device: &Device, name: &str, tolerance: f64) {
    let case: Case = serde_json::from_slice(&golden_in("onnx", &format!("{name}.json"))).unwrap();
    let file = WeightsFile::open(golden_in("onnx", &format!("{name}.onnx"))).unwrap();
    let Graph {
        network,
        inputs,
        outputs,
    } = file.graph().expect("ONNX describes a network");
    file.check(network).unwrap();

    let batch = case.outputs.values().next().unwrap().shape[0];
    let values = inputs.iter().enumerate().map(|(salt, port)| {
        let values = match case.inputs.get(&port.name) {
            Some(numbers) => numbers.values.iter().map(|value| *value as f32).collect(),
            None => input_values(batch * port.shape.elements(), salt),
        };
        reorder(&values, port, true)
    });
    let values: Vec<Vec<f32>> = values.collect();
    let parameter = |name: &str| {
        let tensor = file.find(name).unwrap();
        file.read_f32(tensor, 0..tensor.elements()).unwrap()
    };
    let plan = Plan::inference(network, batch, target(device), f32_storage).unwrap();
    let answers = infer(device, network, &plan, parameter, &values);
    assert_eq!(answers.len(), case.outputs.len());
    for (port, answer) in outputs.iter().zip(answers) {
        let Numbers { shape, values } = &case.outputs[&port.name];
        assert_eq!(port.shape.0, shape[1..], "{name}: {}", port.name);
        let answer = reorder(&answer, port, false);
        assert_close(
            &format!("{name}: {}", port.name),
            &answer,
            values,
            tolerance,
        );
    }
}

#[test]
fn exports_of_torchvision() {
    let device = device();
    for network in ["alexnet", "vgg", "squeezenet", "resnet"] {
        for way in ["eval", "preserve", "dynamo"] {
            run(&device, &format!("mini_{network}_{way}"), 1e-5);
        }
    }
}

#[test]
fn graphs_by_hand() {
    let device = device();
    for name in [
        "paddings",
        "elementwise",
        "dense",
        "dense_float_data",
        "affine",
        "shapes",
        "two_inputs",
        "every_layer",
    ] {
        run(&device, name, 1e-4);
    }
}

#[test]
fn graphs_as_people_have_them() {
    let device = device();
    for name in [
        "functions",
        "products",
        "moves",
        "written_out",
        "old_broadcast",
    ] {
        run(&device, &format!("people_{name}"), 1e-4);
    }
}
