//! Loading a model and asking it: progress, stopping, damage, a lost device.

use alexnet_live::engine::Device;
use alexnet_live::error::{Error, Result};
use alexnet_live::inference::Stage;
use alexnet_live::predict::Predictor;
use half::f16;
use safetensors::SafeTensors;

use super::photo;
use crate::support::{device, gpu};

const EMBEDDED: &[u8] = include_bytes!("../../models/squeezenet-1.1.safetensors");

fn load(
    device: &Device,
    bytes: Vec<u8>,
    mut progress: impl FnMut(Stage, u64, u64) -> bool,
) -> Result<Predictor> {
    pollster::block_on(Predictor::load(device, None, None, bytes, &mut progress))
}

#[test]
fn progress_goes_through_all_stages_to_their_ends() {
    let mut reports = Vec::new();
    let loaded = load(&device(), EMBEDDED.to_vec(), |stage, done, total| {
        reports.push((stage, done, total));
        true
    });
    let info = loaded.expect("it loads").info().clone();
    let mut stages: Vec<Stage> = reports.iter().map(|report| report.0).collect();
    stages.dedup();
    assert_eq!(stages, [Stage::Check, Stage::Compile, Stage::Upload]);
    for stage in stages {
        let of_stage: Vec<_> = reports.iter().filter(|report| report.0 == stage).collect();
        assert!(of_stage.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        let (_, done, total) = of_stage.last().expect("a report");
        assert_eq!(done, total, "{stage:?}");
    }
    let loaded = info.loaded.expect("a file");
    assert_eq!(loaded.bytes, EMBEDDED.len() as u64);
    let hash = serde_json::to_value(info.weights[0].hash).expect("JSON");
    assert_eq!(hash["value"], loaded.hash);
}

#[test]
fn every_stage_can_be_stopped() {
    let device = device();
    for stop in [Stage::Check, Stage::Compile, Stage::Upload] {
        let stopped = load(&device, EMBEDDED.to_vec(), |stage, _, _| stage != stop);
        assert_eq!(stopped.err(), Some(Error::Stopped.into()), "{stop:?}");
    }
}

/// The embedded file with another number for the first of each of these tensors.
fn damaged(tensors: &[&str], number: f16, all: bool) -> Vec<u8> {
    let mut bytes = EMBEDDED.to_vec();
    let file = SafeTensors::deserialize(EMBEDDED).expect("a file");
    for name in tensors {
        let data = file.tensor(name).expect("a tensor").data();
        let start = data.as_ptr() as usize - EMBEDDED.as_ptr() as usize;
        let end = if all { start + data.len() } else { start + 2 };
        for place in bytes[start..end].chunks_exact_mut(2) {
            place.copy_from_slice(&number.to_le_bytes());
        }
    }
    bytes
}

#[test]
fn weights_that_are_no_numbers_are_refused_by_name() {
    let device = device();
    for tensor in ["conv1.weight", "fire5/expand3x3.weight", "conv10.bias"] {
        for number in [f16::NAN, f16::INFINITY, f16::NEG_INFINITY] {
            let refused = load(&device, damaged(&[tensor], number, false), |_, _, _| true);
            let tensor = tensor.to_owned();
            assert_eq!(
                refused.err(),
                Some(Error::WeightsNotFinite { tensor }.into())
            );
        }
    }
}

#[test]
fn answers_that_are_no_numbers_are_refused() {
    let file = SafeTensors::deserialize(EMBEDDED).expect("a file");
    // Sums that grow beyond all numbers.
    let bytes = damaged(&file.names(), f16::MAX, true);
    for device in [device(), gpu()] {
        let predictor = load(&device, bytes.clone(), |_, _, _| true).expect("it loads");
        let answer = pollster::block_on(predictor.classify(&device, &photo("coffee.png")));
        assert_eq!(answer, Err(Error::NotFinite.into()));
    }
}

#[test]
fn wrong_numbers_of_inputs_are_told() {
    let device = device();
    let predictor = load(&device, EMBEDDED.to_vec(), |_, _, _| true).expect("it loads");
    let error = pollster::block_on(predictor.run(&device, &[0.0; 5])).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "layer input: expected 154587 numbers (1 x 227 x 227 x 3), but its input is 5 numbers"
    );
}

#[test]
fn the_profile_names_layers_in_order() {
    let device = device();
    let predictor = load(&device, EMBEDDED.to_vec(), |_, _, _| true).expect("it loads");
    let profile = predictor.inference().profile(&device);
    let (_, times) = pollster::block_on(profile).expect("a profile");
    let network = predictor.inference().network();
    let mut place = 0;
    for time in &times {
        assert!(time.milliseconds >= 0.0);
        let found = network.find(&time.name).expect("a layer").0;
        assert!(found >= place, "{} comes too late", time.name);
        place = found;
    }
    let convolutions = times.iter().filter(|time| time.kind == "conv2d").count();
    assert_eq!(convolutions, 26);
    assert!(times.iter().map(|time| time.milliseconds).sum::<f64>() > 0.0);
}

#[test]
fn a_lost_device_is_an_error() {
    for device in [device(), gpu()] {
        let predictor = load(&device, EMBEDDED.to_vec(), |_, _, _| true).expect("it loads");
        device.destroy();
        let answer = pollster::block_on(predictor.classify(&device, &photo("coffee.png")));
        let lost = answer.expect_err("its device is gone");
        assert!(matches!(*lost, Error::DeviceLost { .. }), "{lost:?}");
        let again = load(&device, EMBEDDED.to_vec(), |_, _, _| true);
        let lost = again.expect_err("its device is gone");
        assert!(matches!(*lost, Error::DeviceLost { .. }), "{lost:?}");
    }
}
