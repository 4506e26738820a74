//! ONNX's published data: what is imported and computed here equals the
//! published outputs (`tests/golden/onnx_published.py` chose them).

mod archive;
mod protobuf;
mod unsupported;

use alexnet_live::engine::Device;
use alexnet_live::error::{Error, Result};
use alexnet_live::inference::target;
use alexnet_live::plan::Plan;
use alexnet_live::shape::Shape;
use alexnet_live::weights::{Graph, Port, WeightsFile};
use prost::Message;

use crate::reference::Tensor;
use crate::support::{assert_close, device, f32_storage, infer};
use protobuf::Model;

/// A published file by its path in the package.
pub fn file(path: &str) -> &'static [u8] {
    archive::find(path).unwrap_or_else(|| panic!("no {path}"))
}

/// Operators whose inputs are all computed; of the others, the inputs behind
/// the first are parameters.
const JOINING: [&str; 7] = ["Add", "Concat", "Div", "Mean", "Mul", "Sub", "Sum"];

/// The case whose output is published with four digits.
const ROUNDED: &str = "test_averagepool_2d_ceil_last_window_starts_on_pad";

#[test]
fn pytorch_converted() {
    assert_eq!(run_all("pytorch-converted"), 57);
}

#[test]
fn nodes() {
    assert_eq!(run_all("node"), 321);
}

#[test]
fn pytorch_operators() {
    assert_eq!(run_all("pytorch-operator"), 16);
}

#[test]
fn light_models() {
    let device = device();
    for name in [
        "light_bvlc_alexnet",
        "light_densenet121",
        "light_inception_v1",
        "light_inception_v2",
        "light_resnet50",
        "light_shufflenet",
        "light_squeezenet",
        "light_zfnet512",
    ] {
        let opened = WeightsFile::open(file(&format!("light/{name}.onnx")).to_vec());
        let opened = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
        let graph = opened.graph().expect("ONNX describes networks");
        let Shape(sizes) = &graph.inputs[0].shape;
        let x = counting_up(&[&[1], &sizes[..]].concat());
        let y = protobuf::tensor(file(&format!("light/{name}_output_0.pb")));
        compute(&device, name, &opened, &[x], &[y], 1e-5);
    }
}

/// What ONNX's own runner feeds to the light models: numbers from 0 to 1.
fn counting_up(shape: &[usize]) -> Tensor {
    let count = shape.iter().product::<usize>();
    let values = (0..count).map(|index| index as f64 / count as f64);
    Tensor {
        shape: shape.to_vec(),
        values: values.collect(),
    }
}

/// Runs the cases in a folder: exactly those must be refused that
/// [`unsupported`] names. Returns how many were computed.
fn run_all(folder: &str) -> usize {
    let device = device();
    let mut faults = Vec::new();
    let mut listed = unsupported::count(folder);
    let mut computed = 0;
    for name in archive::cases(folder) {
        let reason = unsupported::reason(folder, name);
        listed -= usize::from(reason.is_some());
        match (run_case(&device, folder, name), reason) {
            (Ok(()), None) => computed += 1,
            (Err(error), Some(reason)) if is_refusal(&error, reason) => {}
            (Ok(()), Some(_)) => faults.push(format!("{name}: listed, but it runs")),
            (Err(error), _) => faults.push(format!("{name}: {error}")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(listed, 0, "cases are listed that {folder} does not have");
    computed
}

/// Whether the import says that we do not do this.
fn is_refusal(error: &Error, reason: &str) -> bool {
    matches!(error, Error::Unsupported { feature, .. } if feature.contains(reason))
}

/// Imports and computes a case. The error is that of the import.
fn run_case(device: &Device, folder: &str, name: &str) -> Result<()> {
    let find = |path: &str| archive::find(&format!("{folder}/{name}/{path}"));
    let mut model = Model::read(find("model.onnx").expect("a model"));
    let graph = model.graph();
    let joins = |operator: &str| JOINING.contains(&operator);
    let joins = graph.nodes.iter().all(|node| joins(&node.operator));
    // The runtime gives those that the file does not store.
    let is_stored = |name: &str| graph.initializers.iter().any(|stored| stored.name == name);
    let given = graph.inputs.iter().map(|input| &input.name);
    let given: Vec<_> = given.filter(|name| !is_stored(name)).collect();
    let data = |kind: &str, index: usize| {
        let path = format!("test_data_set_0/{kind}_{index}.pb");
        find(&path).expect("data of a case")
    };
    let fixed = if joins { given.len() } else { 1 };
    for (index, name) in given.iter().enumerate().skip(fixed) {
        model.fix_input(name, data("input", index));
    }
    let opened = WeightsFile::open(model.encode_to_vec())?;
    let Graph {
        inputs, outputs, ..
    } = opened.graph().expect("ONNX describes networks");
    let inputs = inputs.iter().map(|port| {
        let index = given.iter().position(|name| **name == port.name);
        protobuf::tensor(data("input", index.expect("an input of the graph")))
    });
    let inputs: Vec<_> = inputs.collect();
    let outputs = (0..outputs.len()).map(|index| protobuf::tensor(data("output", index)));
    let outputs: Vec<_> = outputs.collect();
    let tolerance = if name == ROUNDED { 2e-4 } else { 1e-5 };
    compute(device, name, &opened, &inputs, &outputs, tolerance);
    Ok(())
}

/// Computes the outputs of a model and compares.
fn compute(
    device: &Device,
    name: &str,
    opened: &WeightsFile,
    inputs: &[Tensor],
    expected: &[Tensor],
    tolerance: f64,
) {
    let graph = opened.graph().expect("ONNX describes networks");
    let batched = |(port, input): (&Port, &Tensor)| port.batched.then(|| input.shape[0]);
    let batch = graph
        .inputs
        .iter()
        .zip(inputs)
        .find_map(batched)
        .unwrap_or(1);
    let network = &graph.network;
    let plan = Plan::inference(network, batch, target(device), f32_storage).expect("it fits");
    let parameter = |name: &str| {
        let tensor = opened.find(name).expect("a tensor of the file");
        let all = 0..tensor.elements();
        opened.read_f32(tensor, all).expect("numbers")
    };
    let narrow = graph.inputs.iter().zip(inputs);
    let narrow: Vec<_> = narrow
        .map(|(port, input)| as_here(port, input).narrow())
        .collect();
    let found = infer(device, network, &plan, parameter, &narrow);
    for ((port, found), expected) in graph.outputs.iter().zip(&found).zip(expected) {
        let name = format!("{name}, {}", port.name);
        let leading = if port.batched { &[batch][..] } else { &[] };
        let shape = [leading, &port.shape.0[..]].concat();
        assert_eq!(shape, expected.shape, "{name}: shape");
        assert_close(&name, found, &as_here(port, expected).values, tolerance);
    }
}

/// A tensor of the file in our order: a batch first, channels last.
fn as_here(port: &Port, tensor: &Tensor) -> Tensor {
    let mut tensor = tensor.clone();
    if !port.batched {
        tensor.shape.insert(0, 1);
    }
    match port.channels_first {
        true => protobuf::channels_last(tensor),
        false => tensor,
    }
}
