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
use alexnet_live::weights::WeightsFile;
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
const JOINING: [&str; 4] = ["Add", "Concat", "Mul", "Sum"];

/// The case whose output is published with four digits.
const ROUNDED: &str = "test_averagepool_2d_ceil_last_window_starts_on_pad";

#[test]
fn pytorch_converted() {
    assert_eq!(run_all("pytorch-converted"), 24);
}

#[test]
fn nodes() {
    assert_eq!(run_all("node"), 53);
}

#[test]
fn light_models() {
    let device = device();
    for name in [
        "light_bvlc_alexnet",
        "light_inception_v1",
        "light_resnet50",
        "light_shufflenet",
        "light_squeezenet",
    ] {
        let opened = WeightsFile::open(file(&format!("light/{name}.onnx")).to_vec());
        let opened = match (opened, unsupported::reason("light", name)) {
            (Ok(opened), None) => opened,
            (Err(error), Some(reason)) if is_refusal(&error, reason) => continue,
            (Ok(_), Some(_)) => panic!("{name}: listed, but it runs"),
            (Err(error), _) => panic!("{name}: {error}"),
        };
        let graph = opened.graph().expect("ONNX describes networks");
        let Shape(sizes) = &graph.inputs[0].shape;
        let x = counting_up(&[&[1], &sizes[..]].concat());
        let y = protobuf::tensor(file(&format!("light/{name}_output_0.pb")));
        compute(&device, name, &opened, &[x], &y);
    }
}

/// What ONNX's own runner feeds to the light models: numbers from 0 to 1.
fn counting_up(shape: &[usize]) -> Tensor {
    let count = shape.iter().product::<usize>();
    let values = (0..count).map(|index| index as f64 / count as f64);
    protobuf::channels_last(Tensor {
        shape: shape.to_vec(),
        values: values.collect(),
    })
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
    let is_stored = |name: &str| graph.initializers.iter().any(|stored| stored.name == name);
    let joins = |operator: &str| JOINING.contains(&operator);
    let joins = graph.nodes.iter().any(|node| joins(&node.operator));
    let inputs: Vec<_> = (graph.inputs.iter())
        .filter(|input| !is_stored(&input.name))
        .zip(0..)
        .map(|(input, index)| (input, format!("test_data_set_0/input_{index}.pb")))
        .collect();
    let (computed, fixed) = inputs.split_at(if joins { inputs.len() } else { 1 });
    for (input, path) in fixed {
        // A case that is refused for its shapes comes without data.
        if let Some(tensor) = find(path) {
            model.fix_input(&input.name, tensor);
        }
    }
    let opened = WeightsFile::open(model.encode_to_vec())?;
    let read = |path: &str| protobuf::tensor(find(path).expect("data of a case that opens"));
    let inputs: Vec<_> = computed.iter().map(|(_, path)| read(path)).collect();
    let y = read("test_data_set_0/output_0.pb");
    compute(device, name, &opened, &inputs, &y);
    Ok(())
}

/// Computes the first output of a model and compares.
fn compute(
    device: &Device,
    name: &str,
    opened: &WeightsFile,
    inputs: &[Tensor],
    expected: &Tensor,
) {
    let network = &opened.graph().expect("ONNX describes networks").network;
    let batch = inputs[0].shape[0];
    let plan = Plan::inference(network, batch, target(device), f32_storage).expect("it fits");
    let parameter = |name: &str| {
        let tensor = opened.find(name).expect("a tensor of the file");
        let all = 0..tensor.elements();
        opened.read_f32(tensor, all).expect("numbers")
    };
    let narrow: Vec<_> = inputs.iter().map(Tensor::narrow).collect();
    let found = infer(device, network, &plan, parameter, &narrow);
    let shape = [&[batch], &network.output_shape().0[..]].concat();
    assert_eq!(shape, expected.shape, "{name}: shape");
    let tolerance = if name == ROUNDED { 2e-4 } else { 1e-5 };
    assert_close(name, &found[0], &expected.values, tolerance);
}
