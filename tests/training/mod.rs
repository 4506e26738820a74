//! Training: every gradient, the optimisers, whole runs.

mod alexnet;
mod dropout;
mod gradients;
mod harness;
mod initializers;
mod optimizers;
mod runs;
mod trajectory;

use std::io::Read;

use alexnet_live::data::{Dataset, built_in_digits};
use flate2::read::GzDecoder;

/// The digits that come with the program.
pub fn digits() -> Dataset {
    let [images, labels] = [
        &include_bytes!("../../datasets/mnist-5k/images.idx3-ubyte.gz")[..],
        include_bytes!("../../datasets/mnist-5k/labels.idx1-ubyte.gz"),
    ]
    .map(|packed| {
        let mut bytes = Vec::new();
        let unpacked = GzDecoder::new(packed).read_to_end(&mut bytes);
        unpacked.map(|_| bytes).expect("a whole file")
    });
    built_in_digits(images, labels).expect("digits")
}
