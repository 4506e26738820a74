//! Files of labelled pictures, good and damaged.

use alexnet_live::data::{read_cifar10, read_idx_images, read_idx_labels};
use alexnet_live::error::Error;

#[test]
fn cifar10_planes_become_channels() {
    let mut bytes = vec![0; 2 * 3073];
    bytes[3073] = 7;
    // Second picture, row 1, column 2: red 10, green 20, blue 30.
    for (channel, value) in [10, 20, 30].into_iter().enumerate() {
        bytes[3073 + 1 + channel * 1024 + 34] = value;
    }
    let samples = read_cifar10(&bytes).expect("two records");
    assert_eq!(samples.labels, [0, 7]);
    assert_eq!(samples.picture(1)[3 * 34..][..3], [10, 20, 30]);
    assert_eq!(
        samples
            .picture(1)
            .iter()
            .map(|v| u32::from(*v))
            .sum::<u32>(),
        60
    );
}

#[test]
fn damaged_cifar10_files_are_refused() {
    for length in [0, 1, 3072, 3074] {
        let error = read_cifar10(&vec![0; length]).expect_err("no whole records");
        assert!(matches!(error, Error::Truncated { .. }), "{error:?}");
    }
    let mut bytes = vec![0; 3073];
    bytes[0] = 10;
    let error = read_cifar10(&bytes).expect_err("no such class");
    assert!(matches!(error, Error::Malformed { .. }), "{error:?}");
}

#[test]
fn idx_files_are_read_and_damaged_ones_refused() {
    let images = [
        &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3][..],
        &[1, 2, 3, 4, 5, 6],
    ];
    let images = images.concat();
    assert_eq!(read_idx_images(&images), Ok((vec![1, 2, 3, 4, 5, 6], 1, 3)));
    let labels = [0, 0, 8, 1, 0, 0, 0, 2, 9, 4];
    assert_eq!(read_idx_labels(&labels), Ok(vec![9, 4]));

    for length in 0..images.len() {
        assert!(
            read_idx_images(&images[..length]).is_err(),
            "{length} bytes"
        );
    }
    let mut huge = images.clone();
    huge[4..16].fill(255);
    let error = read_idx_images(&huge).expect_err("larger than any file");
    assert!(matches!(error, Error::Truncated { .. }), "{error:?}");
    let error = read_idx_labels(&images).expect_err("pictures are no labels");
    assert!(matches!(error, Error::Malformed { .. }), "{error:?}");
}
